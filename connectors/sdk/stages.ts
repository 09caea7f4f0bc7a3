/**
 * The stages a record passes on its way out of a source. Each stage is a brand that only one module mints, so a
 * record cannot skip a gate: `seal(observed)` does not compile.
 *
 * observe() (connectors/sdk) → clear() (policies) → envelop() → seal() (evidence)
 */
declare const stage: unique symbol;

export type At<Stage extends string, T> = T & { readonly [stage]: Stage };
