import type { Trace } from '@clew/model';
import { expect, test } from 'vitest';
import { OpenedFiles } from './opened-files.ts';

const trace = (traceId: string) => ({ traceId, spans: [] }) as unknown as Trace;

test('a trace of an opened file is found by its id, and a newer file takes its place', () => {
  const files = new OpenedFiles();
  files.open('old.json', [trace('a'), trace('b')]);
  files.open('new.json', [trace('a')]);
  expect(files.findOpenedTrace('a')?.fileName).toBe('new.json');
  expect(files.get().map(({ fileName }) => fileName)).toEqual(['old.json', 'new.json']);
  expect(files.findOpenedTrace('c')).toBeUndefined();
});

test('tells what changed, and forgets all at once', () => {
  const files = new OpenedFiles();
  const counts: number[] = [];
  files.subscribe(() => counts.push(files.get().length));
  files.open('a.json', [trace('a')]);
  files.closeAll();
  expect(counts).toEqual([1, 0]);
  expect(files.findOpenedTrace('a')).toBeUndefined();
});
