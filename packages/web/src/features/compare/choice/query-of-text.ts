import {
  attributeField,
  compareField,
  intrinsicField,
  joinConditions,
  printQuery,
  searchOfConditions,
} from '@clew/traceql';

/** TraceQL as it is; words are looked for in the names of spans and services, in any case. */
export function queryOfText(text: string): string {
  const words = text.trim();
  if (/^[{(]/.test(words)) return words;
  const value = `(?is).*${words.replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`)}.*`;
  const fields = [intrinsicField('span:name'), attributeField('resource', 'service.name')];
  const conditions = fields.map((field) => compareField('=~', field, { type: 'string', value }));
  return printQuery(searchOfConditions([joinConditions('||', conditions)]));
}
