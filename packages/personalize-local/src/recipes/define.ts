// Puts a recipe's documented facts and its trainer together into a Recipe.
import type { RecipeFacts } from '@emotion-gallery/personalize-rules/recipes';
import type { Recipe } from '../model/recipe';
import { trainInWorker } from './training/train-in-worker';
import { trainers } from './training/trainers';

export function defineRecipe(facts: RecipeFacts): Recipe {
  const trainer = trainers[facts.name]!;
  return {
    ...facts,
    async train(data, options) {
      const trained = await trainInWorker(facts.name, trainer, data, options);
      return {
        model: trainer.load(trained.buffers),
        buffers: trained.buffers,
        metrics: trained.metrics,
        tuned: trained.tuned,
        note: trained.note,
      };
    },
    load: (buffers) => trainer.load(buffers),
  };
}
