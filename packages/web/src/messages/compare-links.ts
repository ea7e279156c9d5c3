/** What leads to the comparison of two traces. */
export const compareLinks = {
  ticks: {
    one: (name: string): string => `Tick to compare: ${name}`,
    title: 'Tick two traces to compare them',
    first: 'Tick another one to compare the two.',
    compare: 'Compare the two',
    clear: 'Untick',
  },
  link: 'Compare…',
  linkTitle: 'Compare this trace with another one',
} as const;
