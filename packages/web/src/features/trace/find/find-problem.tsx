import type { ReactNode } from 'react';
import { messages } from '../../../messages/messages.ts';
import { Button } from '../../../ui/button.tsx';

const TEXTS = messages.trace.find;

export interface FindProblemProps {
  readonly message: string;
  readonly suggestion?: string | undefined;
  readonly onTake: (query: string) => void;
}

/** Under the box: why not all was searched, and the query that was probably meant. */
export function FindProblem({ message, suggestion, onTake }: FindProblemProps): ReactNode {
  return (
    <div className="find-problem" role="alert">
      {message}
      {suggestion === undefined ? undefined : (
        <p>
          {TEXTS.perhaps}{' '}
          <Button look="link" title={TEXTS.takeSuggestion} onClick={() => onTake(suggestion)}>
            <code>{suggestion}</code>
          </Button>
        </p>
      )}
    </div>
  );
}
