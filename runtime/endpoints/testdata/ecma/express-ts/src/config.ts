const ROOT = '/api' as const;
export enum Version { One = 'v1', Two = 'v2' }
export const API = { status: `${ROOT}/status`, v1: `${ROOT}/${Version.One}`, v2: `${ROOT}/${Version.Two}` };
