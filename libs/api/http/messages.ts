import { Inject, type Type } from '@nestjs/common';
import { Command, CommandHandler, Query, QueryHandler } from '@nestjs/cqrs';
import type { Deps } from '#libs/use-cases/deps.ts';

/** The injection token of everything that use cases need. */
export const DEPS = Symbol('what use cases need');

export type UseCase<Input, Result> = (deps: Deps, input: Input) => Promise<Result>;

interface Message<Input, Base> {
  new (input: Input): Base & { readonly input: Input };
  /** Give it to the module that serves it. */
  readonly Handler: Type;
}

/** A use case as a command on the bus: `new PayByPalm(input)` is executed by `PayByPalm.Handler`. */
export function commandOf<Input, Result>(useCase: UseCase<Input, Result>): Message<Input, Command<Result>> {
  class Asked extends Command<Result> {
    readonly input: Input;
    static Handler: Type;
    constructor(input: Input) {
      super();
      this.input = input;
    }
  }
  @CommandHandler(Asked)
  class Handler {
    private readonly deps: Deps;
    constructor(@Inject(DEPS) deps: Deps) {
      this.deps = deps;
    }
    execute({ input }: Asked): Promise<Result> {
      return useCase(this.deps, input);
    }
  }
  return named(Asked, Handler, useCase.name);
}

/** A use case as a query on the bus. */
export function queryOf<Input, Result>(useCase: UseCase<Input, Result>): Message<Input, Query<Result>> {
  class Asked extends Query<Result> {
    readonly input: Input;
    static Handler: Type;
    constructor(input: Input) {
      super();
      this.input = input;
    }
  }
  @QueryHandler(Asked)
  class Handler {
    private readonly deps: Deps;
    constructor(@Inject(DEPS) deps: Deps) {
      this.deps = deps;
    }
    execute({ input }: Asked): Promise<Result> {
      return useCase(this.deps, input);
    }
  }
  return named(Asked, Handler, useCase.name);
}

function named<Asked extends { Handler: Type }>(asked: Asked, handler: Type, name: string): Asked {
  Object.defineProperty(asked, 'name', { value: name });
  Object.defineProperty(handler, 'name', { value: `${name}Handler` });
  asked.Handler = handler;
  return asked;
}
