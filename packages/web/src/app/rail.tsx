import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { messages } from '../messages/messages.ts';
import { Icon } from '../ui/icon.tsx';
import { API_DESCRIPTION, PLACES } from './places.ts';
import { ThemeButton } from './theme-button.tsx';

/** The places one can go, with their names. */
export function Rail(): ReactNode {
  return (
    <nav className="rail" aria-label={messages.app.places}>
      <Link to="/search" className="rail-logo" aria-label={messages.app.startPage}>
        <Logo />
      </Link>
      {PLACES.map(({ to, name, icon }) => (
        <Link key={to} to={to} className="rail-item">
          <Icon name={icon} />
          {name}
        </Link>
      ))}
      <span className="rail-space" />
      <a className="rail-item" href={API_DESCRIPTION} target="_blank" rel="noreferrer">
        <Icon name="code" />
        {messages.app.api}
      </a>
      <ThemeButton />
    </nav>
  );
}

/** A ball of thread, its end let out. */
function Logo(): ReactNode {
  return (
    <svg viewBox="0 0 24 24" aria-hidden="true">
      <circle cx="10.5" cy="10.5" r="8" />
      <path d="M4 6.6c4.3-.6 8.7 2 11 9.9M8.2 2.9c4.7 1.4 8.6 5.4 9.9 10M2.8 12.2c3.2.6 5.9 2.8 7.2 6.2" />
      <path d="M15.7 16.6c1.3 2.7 3.2 4.6 6.8 4.8" />
    </svg>
  );
}
