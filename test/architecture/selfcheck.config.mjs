import rules from '../../.dependency-cruiser.mjs';

/** The real rules, on the planted tree. */
export default { ...rules, options: { tsPreCompilationDeps: true } };
