import type { GrantRequest } from '../sdk/index.ts';

/** Marks a paragraph of grants.sql that only some reads need, in the words of their `needs`. */
const NEEDS = /^-- Needs: (.+)$/m;
/** Stands before what only reads behind a flag need, so that running the whole file does not grant it. */
const OPT_IN = /^--! /gm;
const ROLE = 'exhibit';

/** The paragraphs of grants.sql that these reads need, and SELECT on the columns of the views that a policy opens. */
export function grants({ all, reads }: GrantRequest): string {
  const needs = new Set(reads.flatMap(({ spec }) => spec.needs));
  const paragraphs = all.split(/\n{2,}/).filter((paragraph) => {
    const need = NEEDS.exec(paragraph)?.[1];
    return need === undefined || needs.has(need);
  });
  return `${[...paragraphs.map((paragraph) => paragraph.trim().replaceAll(OPT_IN, '')), ...viewGrants(reads)].join('\n\n')}\n`;
}

function viewGrants(reads: GrantRequest['reads']): readonly string[] {
  const views = new Map(reads.flatMap((read) => read.views.map((view) => [view.view, view] as const)));
  const schemas = new Set([...views.values()].map(({ schema }) => schema));
  return [
    ...[...schemas].map((schema) => `GRANT USAGE ON SCHEMA ${quoted(schema)} TO ${ROLE};`),
    ...[...views.values()].map(({ schema, name, columns, groupSize }) => {
      const names = new Set([
        ...columns.map((column) => column.name),
        ...(groupSize ? [groupSize.column] : []),
      ]);
      return `GRANT SELECT (${[...names].map(quoted).join(', ')}) ON ${quoted(schema)}.${quoted(name)} TO ${ROLE};`;
    }),
  ];
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
