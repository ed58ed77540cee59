const make = () => ({ GET: async () => Response.json({}), PATCH: async () => Response.json({}) });
export const { GET, PATCH } = make();
