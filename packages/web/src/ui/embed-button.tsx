import { useEffect, useState } from 'react';
import type { ReactNode } from 'react';
import { messages } from '../messages/messages.ts';
import { Button } from './button.tsx';
import { writeToClipboard } from './copy-button.tsx';
import { writeEmbedCode } from './embed-address.ts';
import { Icon } from './icon.tsx';
import { useTheme } from './theme.tsx';

const TEXTS = messages.exported;
const SHOWN_MS = 1500;

/** Copies the code that puts what is shown into another page. `title` says what that is. */
export function EmbedButton({ title }: { readonly title: string }): ReactNode {
  const theme = useTheme();
  const [outcome, setOutcome] = useState<string>();
  useEffect(() => {
    if (outcome === undefined) return undefined;
    const timer = setTimeout(() => setOutcome(undefined), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [outcome]);
  const copy = async () => {
    const isCopied = await writeToClipboard(writeEmbedCode(location.href, { theme, title }));
    setOutcome(isCopied ? TEXTS.copied : TEXTS.notCopied);
  };
  return (
    <Button
      look="quiet"
      className="embed-button"
      aria-label={TEXTS.embed}
      title={`${TEXTS.embed}: ${TEXTS.embedTitle} ${TEXTS.embedOption}`}
      onClick={() => void copy()}
    >
      <Icon name={outcome === TEXTS.copied ? 'check' : 'code'} />
      <span role="status">{outcome ?? TEXTS.embedShort}</span>
    </Button>
  );
}
