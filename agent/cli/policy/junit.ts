import type { CaseResult, TestReport } from '../../../policies/cases.ts';

/** Results as the XML that build servers read: https://github.com/testmoapp/junitxml */
export function junitOf(reports: readonly TestReport[]): string {
  const suites = reports.map(({ file, results }) => {
    const failures = results.filter(({ differences }) => differences.length > 0).length;
    const head = `<testsuite name="${escaped(file)}" tests="${results.length}" failures="${failures}">`;
    return [`  ${head}`, ...results.map(testCase), '  </testsuite>'].join('\n');
  });
  return ['<?xml version="1.0" encoding="UTF-8"?>', '<testsuites>', ...suites, '</testsuites>', ''].join(
    '\n',
  );
}

function testCase({ name, file, line, differences }: CaseResult): string {
  const head = `<testcase name="${escaped(name)}" classname="${escaped(file)}" file="${escaped(file)}" line="${line}"`;
  if (differences.length === 0) return `    ${head}/>`;
  const text = differences.map(({ path, expected, got }) => `${path}: expected ${expected}, got ${got}`);
  return [
    `    ${head}>`,
    `      <failure message="${escaped(text[0] ?? '')}">${escaped(text.join('\n'))}</failure>`,
    '    </testcase>',
  ].join('\n');
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
};

/** XML 1.0 can not hold most control characters, not even as references. */
function escaped(text: string): string {
  return text
    .replaceAll(/[^\t\n\r\x20-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '\uFFFD')
    .replaceAll(/[&<>"]/g, (character) => ENTITIES[character] ?? '');
}
