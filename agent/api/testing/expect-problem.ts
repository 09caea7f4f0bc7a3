import { expect } from 'vitest';
import type { Problem } from '../problem.ts';

/** Fails unless the response is the problem, in every respect that all problems share. */
export async function expectProblem(response: Response, status: number): Promise<Problem> {
  expect(response.status).toBe(status);
  expect(response.headers.get('Content-Type')).toBe('application/problem+json');
  const body = (await response.json()) as Problem;
  expect(body).toMatchObject({ status, title: expect.any(String), detail: expect.any(String) });
  expect(body.type).toMatch(/^https:\/\/exhibit\.dev\/problems\/[a-z-]+$/);
  expect(body.requestId).toBe(response.headers.get('X-Request-Id'));
  expect(JSON.stringify(body)).not.toMatch(/\bat .*\.[jt]s:\d|node_modules/);
  return body;
}
