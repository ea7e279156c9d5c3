/** `label_replace` and `label_join`: a label that is made of others. */
import { MatchBudget } from '@clew/traceql';
import { parsePattern } from '../label-matchers.ts';
import { PromqlExecutionError } from './execution-error.ts';
import type { Labels } from './labels.ts';

const LABEL_NAME = /^[a-zA-Z_]\w*$/;

/** Where the whole source fits the pattern, the target is the replacement, in which `$1` and `${name}` are parts of it. */
export function createLabelReplace([
  target = '',
  replacement = '',
  source = '',
  regex = '',
]: readonly string[]): (labels: Labels) => Labels {
  checkName(target, 'label_replace');
  const pattern = parsePattern(regex);
  const budget = new MatchBudget();
  return (labels) => {
    const value = labels.get(source) ?? '';
    if (!budget.matches(pattern, value)) return labels;
    const match = pattern.matcher(value);
    match.matches();
    const names = pattern.namedGroups();
    const made = replacement.replaceAll(REFERENCE, (_, braced?: string, plain?: string) => {
      const name = braced ?? plain;
      if (name === undefined) return '$';
      const group = /^\d+$/.test(name) ? Number(name) : names[name];
      const isThere = group !== undefined && group <= match.groupCount();
      return isThere ? (match.group(group) ?? '') : '';
    });
    return withLabel(labels, target, made);
  };
}

/** `$$`, `${name}` or `$name`, as long as it can be. */
const REFERENCE = /\$(?:\$|\{(\w+)\}|(\w+))/g;

/** The target is the sources with a separator between. */
export function createLabelJoin([target = '', separator = '', ...sources]: readonly string[]): (
  labels: Labels,
) => Labels {
  checkName(target, 'label_join');
  return (labels) =>
    withLabel(labels, target, sources.map((name) => labels.get(name) ?? '').join(separator));
}

function checkName(name: string, where: string): void {
  if (LABEL_NAME.test(name)) return;
  throw new PromqlExecutionError(`invalid destination label name in ${where}(): ${name}`);
}

/** One that is empty is none. */
function withLabel(labels: Labels, name: string, value: string): Labels {
  const changed = new Map(labels);
  if (value === '') changed.delete(name);
  else changed.set(name, value);
  return changed;
}
