/** What a changed file is for, as far as its path tells. Only counts by category leave the connector, no paths. */
export const CATEGORIES = ['migration', 'ci', 'dependency', 'iac', 'docs', 'config', 'code'] as const;
export type Category = (typeof CATEGORIES)[number];

/** In order: the first that matches wins. What none matches is code. */
const RULES: readonly (readonly [Category, RegExp])[] = [
  [
    'migration',
    /(^|\/)(migrations?|migrate|flyway|liquibase|alembic|changelogs?\.d)\/.|(^|\/)[VURB]\d[\w.]*__[^/]*\.sql$/i,
  ],
  [
    'ci',
    /^\.(github\/(workflows|actions)|circleci|buildkite|woodpecker)\/|(^|\/)(Jenkinsfile|\.gitlab-ci\.ya?ml|azure-pipelines\.ya?ml|\.travis\.ya?ml|\.drone\.ya?ml)$/i,
  ],
  [
    'dependency',
    /(^|\/)(package(-lock)?\.json|npm-shrinkwrap\.json|yarn\.lock|pnpm-lock\.yaml|bun\.lockb?|go\.(mod|sum|work)|Cargo\.(toml|lock)|Gemfile(\.lock)?|[^/]*\.gemspec|requirements[^/]*\.(txt|in)|pyproject\.toml|poetry\.lock|uv\.lock|Pipfile(\.lock)?|pom\.xml|build\.gradle(\.kts)?|gradle\.lockfile|libs\.versions\.toml|composer\.(json|lock)|mix\.(exs|lock)|[^/]*\.csproj|packages\.lock\.json|Chart\.lock)$/i,
  ],
  [
    'iac',
    /\.(tf|tfvars|hcl|bicep|nomad)$|(^|\/)(terraform|pulumi|ansible|helm|charts|k8s|kubernetes|kustomize|manifests|deploy|deployments?|overlays|argocd|flux|cloudformation)\/.*\.(ya?ml|json|tpl|jsonnet|libsonnet|cue)$|(^|\/)(kustomization\.ya?ml|Chart\.yaml|values[^/]*\.ya?ml|Dockerfile[^/]*|[^/]*\.dockerfile|Containerfile|(docker-)?compose[^/]*\.ya?ml)$/i,
  ],
  ['docs', /(^|\/)docs?\/|\.(md|mdx|rst|adoc|txt)$|(^|\/)(LICENSE|NOTICE|CODEOWNERS)$/i],
  [
    'config',
    /\.(ya?ml|toml|ini|cfg|conf|properties|env|editorconfig)$|(^|\/)\.env[^/]*$|(^|\/)(config|configs|settings)\/[^/]*\.(json|xml)$/i,
  ],
];

export function categoryOf(path: string): Category {
  for (const [category, pattern] of RULES) {
    if (pattern.test(path)) return category;
  }
  return 'code';
}

/** Number of files per category; categories without a file are left out. */
export function countByCategory(paths: readonly string[]): Partial<Record<Category, number>> {
  const counts: Partial<Record<Category, number>> = {};
  for (const path of paths) {
    const category = categoryOf(path);
    counts[category] = (counts[category] ?? 0) + 1;
  }
  return counts;
}
