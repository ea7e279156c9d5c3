import type { Intrinsic } from './syntax-tree.ts';

/** What is known of every span, by all names it is understood by. */
const INTRINSICS: Readonly<Record<string, Intrinsic>> = {
  duration: 'span:duration',
  'span:duration': 'span:duration',
  name: 'span:name',
  'span:name': 'span:name',
  status: 'span:status',
  'span:status': 'span:status',
  statusMessage: 'span:statusMessage',
  'span:statusMessage': 'span:statusMessage',
  kind: 'span:kind',
  'span:kind': 'span:kind',
  'span:id': 'span:id',
  'span:parentID': 'span:parentID',
  'span:childCount': 'span:childCount',
  childCount: 'span:childCount',
  traceDuration: 'trace:duration',
  'trace:duration': 'trace:duration',
  rootName: 'trace:rootName',
  'trace:rootName': 'trace:rootName',
  rootServiceName: 'trace:rootService',
  'trace:rootService': 'trace:rootService',
  'trace:id': 'trace:id',
  'event:name': 'event:name',
  'event:timeSinceStart': 'event:timeSinceStart',
  'link:traceID': 'link:traceID',
  'link:spanID': 'link:spanID',
  'instrumentation:name': 'instrumentation:name',
  'instrumentation:version': 'instrumentation:version',
  nestedSetLeft: 'nestedSetLeft',
  nestedSetRight: 'nestedSetRight',
  nestedSetParent: 'nestedSetParent',
  parent: 'parent',
};

export const INTRINSIC_NAMES: readonly string[] = Object.keys(INTRINSICS);

export function findIntrinsic(word: string): Intrinsic | undefined {
  return Object.hasOwn(INTRINSICS, word) ? INTRINSICS[word] : undefined;
}

/** The name to print: the short ones that everybody writes, and otherwise the intrinsic's own. */
export function formatIntrinsic(name: Intrinsic): string {
  const short = name.startsWith('span:') ? name.slice('span:'.length) : name;
  return INTRINSICS[short] === name ? short : name;
}
