/**
 * What `task` takes of one core, in seconds: processor time of all threads, garbage collection included, so that it
 * says the same while other programs use the machine.
 */
export function processorSeconds(task: () => void): number {
  const before = process.cpuUsage();
  task();
  const { user, system } = process.cpuUsage(before);
  return Math.max(user + system, 1) / 1e6;
}
