import type { AttributeValueJson } from '@clew/api';
import { describe, expect, test } from 'vitest';
import { layoutValue, plainText, searchText } from './attribute-value.ts';

const string = (value: string): AttributeValueJson => ({ type: 'string', value });

describe('an attribute value', () => {
  test('tells a number from a string that looks like one', () => {
    expect(layoutValue({ type: 'int', value: '500' })).toEqual({
      text: '500',
      type: 'int',
      shape: 'line',
    });
    expect(layoutValue(string('500')).text).toBe('"500"');
    expect(layoutValue(string('true')).text).toBe('"true"');
    expect(layoutValue(string('')).text).toBe('""');
    expect(layoutValue(string('GET')).text).toBe('GET');
  });

  test('gets lines of its own when it is long or has lines', () => {
    expect(layoutValue(string('SELECT 1')).shape).toBe('line');
    expect(layoutValue(string('SELECT 1\nFROM t')).shape).toBe('block');
    expect(layoutValue(string('x'.repeat(65))).shape).toBe('block');
  });

  test('is indented when it is JSON, and left alone when it only looks like it', () => {
    expect(layoutValue(string('{"a":[1]}')).text).toBe('{\n  "a": [\n    1\n  ]\n}');
    expect(layoutValue(string('[not json]'))).toMatchObject({ text: '[not json]', shape: 'line' });
  });

  test('shows lists on a line and nested values as JSON', () => {
    const list: AttributeValueJson = {
      type: 'array',
      value: [string('a'), { type: 'int', value: '1' }],
    };
    expect(layoutValue(list).text).toBe('["a", 1]');
    const map: AttributeValueJson = {
      type: 'map',
      value: [
        { key: 'big', value: { type: 'int', value: '9007199254740993' } },
        { key: 'list', value: list },
        { key: 'none', value: { type: 'empty' } },
      ],
    };
    expect(JSON.parse(layoutValue(map).text)).toEqual({
      big: '9007199254740993',
      list: ['a', 1],
      none: null,
    });
  });

  test('is copied without quotes or types', () => {
    expect(plainText(string('500'))).toBe('500');
    expect(plainText({ type: 'double', value: 'NaN' })).toBe('NaN');
  });

  test('is searched for when it is a scalar', () => {
    expect(searchText({ type: 'bool', value: true })).toBe('true');
    expect(searchText({ type: 'array', value: [] })).toBeUndefined();
  });
});
