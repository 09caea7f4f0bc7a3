import { AgentError } from '../errors.ts';

/** Reads the value of an option. Throws AgentError USAGE for what is no whole number within these bounds. */
export function wholeNumber(option: string, min: number, max: number): (text: string) => number {
  return (text) => {
    const number = Number(text);
    if (Number.isInteger(number) && number >= min && number <= max) return number;
    throw new AgentError('USAGE', `${option} must be a whole number from ${min} to ${max}`);
  };
}
