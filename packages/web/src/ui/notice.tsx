import type { ReactNode } from 'react';
import { Icon } from './icon.tsx';
import './notice.css';

export interface NoticeProps {
  /** `note` is for what is neither wrong nor missing. */
  readonly kind: 'error' | 'warning' | 'note';
  /** What happened, in one sentence. */
  readonly title: string;
  /** Why, as far as known, and what to do; buttons last. */
  readonly children?: ReactNode;
}

/** Something went wrong or is missing, said where it matters. */
export function Notice({ kind, title, children }: NoticeProps): ReactNode {
  return (
    <div className={`notice notice-${kind}`} role={kind === 'error' ? 'alert' : 'status'}>
      {kind === 'note' ? undefined : <Icon name={kind} />}
      <div className="notice-text">
        <strong>{title}</strong>
        {children}
      </div>
    </div>
  );
}
