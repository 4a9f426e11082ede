import { HttpException, Param, type PipeTransform } from '@nestjs/common';
import { ID } from './paging.ts';

const anId: PipeTransform<unknown, string> = {
  transform: (value) => {
    if (typeof value === 'string' && ID.test(value)) return value;
    throw new HttpException({ code: 'not-found', message: 'There is no such thing.' }, 404);
  },
};

/** An id of ours in the path; whatever else stands there names nothing. */
export const Id = (name: string) => Param(name, anId);
