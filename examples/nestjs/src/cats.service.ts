import { Injectable } from '@nestjs/common';

export interface Cat {
  id: number;
  name: string;
}

@Injectable()
export class CatsService {
  private readonly cats: Cat[] = [{ id: 1, name: 'Minka' }];

  all(): Cat[] {
    return this.cats;
  }

  find(id: number): Cat | undefined {
    return this.cats.find((cat) => cat.id === id);
  }

  add(name: string): Cat {
    const cat = { id: this.cats.length + 1, name };
    this.cats.push(cat);
    return cat;
  }
}
