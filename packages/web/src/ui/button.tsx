import type { ButtonHTMLAttributes, ReactNode, Ref } from 'react';
import './button.css';

export interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  /** `primary` is the one action of a form; `quiet` has no border until it is pointed at; `link` is words among others. */
  readonly look?: 'primary' | 'plain' | 'quiet' | 'link' | undefined;
  readonly ref?: Ref<HTMLButtonElement> | undefined;
}

export function Button({ look = 'plain', className, ...rest }: ButtonProps): ReactNode {
  const classes = ['button', `button-${look}`, className].filter(Boolean).join(' ');
  return <button type="button" className={classes} {...rest} />;
}
