export type Unit = "celsius" | "fahrenheit";

export interface Reading {
  value: number;
  unit: Unit;
}

/** Converts a temperature to the other unit; undefined when the input is none. */
export function convert(value: number, unit: Unit): Reading | undefined {
  if (Number.isNaN(value)) return undefined;
  if (unit === "celsius") return { value: value * 1.8 + 32, unit: "fahrenheit" };
  if (unit === "fahrenheit") return { value: (value - 32) / 1.8, unit: "celsius" };
  return undefined;
}
