import { applyDecorators, Body, Controller, Get, Header, Patch, Post, Query, Sse, Version } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { of } from 'rxjs';
import { BaseController } from './base.controller';
import { CatsService } from './cats.service';
import { CreateCat, ListCats } from './dto';

const Rename = (path: string) => applyDecorators(Patch(path), Header('x-renamed', 'yes'));
const PATHS = { search: 'search' } as const;

@ApiTags('cats')
@Controller('cats')
export class CatsController extends BaseController {
  constructor(private readonly cats: CatsService) { super(); }

  @ApiOperation({ summary: 'Lists cats', description: 'All of them' })
  @Get()
  list(@Query() query: ListCats) { return this.cats.all(); }

  @Post()
  create(@Body() cat: CreateCat) { return cat; }

  @Version(['1', '2'])
  @Get(PATHS.search)
  search(@Query('q') q: string) { return q; }

  @Get(['by-name/:name', 'called/:name'])
  named() { return {}; }

  @Rename(':id/name')
  rename() { return {}; }

  @Sse('events')
  events() { return of({ data: {} }); }
}
