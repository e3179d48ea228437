/** How many milliseconds of the processor some work takes, whatever else the machine has to do. */
export const processorTime = (work: () => void): number => {
  const before = process.cpuUsage()
  work()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1000
}
