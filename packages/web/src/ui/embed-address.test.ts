import { describe, expect, test } from 'vitest';
import { readEmbedTheme, toEmbedAddress, toFullAddress, writeEmbedCode } from './embed-address.ts';

const ADDRESS = 'https://clew.example/tracing/trace/0af7?view=flame&q=%7B+a+%3D+%22b%22+%7D';

describe('the address of an embedded page', () => {
  test('says all that the page shows, and leads back to it', () => {
    const embedded = toEmbedAddress(ADDRESS, 'dark');
    expect(embedded).toBe(`${ADDRESS}&embed=1&theme=dark`);
    expect(toFullAddress(embedded)).toBe(ADDRESS);
  });

  test('asks for colours only where the page is embedded', () => {
    expect(readEmbedTheme('?embed=1&theme=dark')).toBe('dark');
    expect(readEmbedTheme('?theme=dark')).toBeUndefined();
    expect(readEmbedTheme('?embed=1&theme=blue')).toBeUndefined();
  });
});

describe('the code that embeds a page', () => {
  test('is one frame, whatever the trace is called', () => {
    const title = '"><script>alert(1)</script> & more';
    const code = writeEmbedCode(ADDRESS, { theme: 'light', title });
    expect(code.match(/</g)).toHaveLength(2);
    expect(code).toContain('title="&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt; &amp; more"');
    expect(code).toContain('&amp;embed=1&amp;theme=light"');
  });
});
