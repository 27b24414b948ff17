using Dragoman.Routing.Classification;
using Shouldly;
using Xunit;

namespace Dragoman.Tests.Routing.Classification;

/// <summary>Prompts that the estimate was not trained on.</summary>
public sealed class DifficultySpreadTests
{
    private static readonly string[] Easy =
    [
        "hey there",
        "good evening!",
        "thank you so much",
        "What is the capital of Portugal?",
        "who wrote romeo and juliet",
        "how do you say cheese in german",
        "what is 3 + 4",
        "name two animals",
        "Guten Abend, wie geht es dir?",
        "Was ist die Hauptstadt von Österreich?",
        "Bonsoir, comment vas-tu ?",
        "Quelle est la capitale du Portugal ?",
        "Hola, buenos días",
        "¿De qué color es la nieve?",
        "Buonasera!",
        "Qual é a capital do Brasil?",
        "Добрый вечер",
        "早上好",
        "日本的首都是哪里？",
        "おはようございます",
    ];

    private static readonly string[] Hard =
    [
        "Prove that the set of algebraic numbers is countable and that transcendental numbers exist.",
        "Prove that every finite integral domain is a field, and give a counterexample for the infinite case.",
        "Implement a concurrent skip list with wait-free reads in Rust, explain memory reclamation, and argue why it is linearizable.",
        "Design a distributed rate limiter for forty regions that tolerates partitions, bounds overshoot, and never blocks the hot path. Explain the trade-offs.",
        "Evaluate the integral of ln(1+x)/(1+x^2) from 0 to 1 and justify each step.",
        "Seven people sit around a table. Given the following nine constraints, deduce the order in which they sit, step by step, and show that it is unique.",
        "Write a garbage collector with generations for a small virtual machine, with write barriers, and analyse its worst-case pauses.",
        "Let G be a group of order 56. Show that G is not simple, using Sylow's theorems.",
        "Our service loses messages when the leader changes during a snapshot. Find the race in the replication protocol and propose a fix with a proof of safety.",
        "A firm hedges a foreign currency loan with a cross-currency swap of 5 years. Derive the fair value after 2 years at the given rates and the journal entries if the hedge is ineffective.",
        "Beweise, dass es unendlich viele Primzahlen der Form 6k+5 gibt, und begründe jeden Schritt.",
        "Entwirf eine Datenbankreplikation über drei Kontinente mit kausaler Konsistenz und begründe, warum sie bei Partitionen korrekt bleibt.",
        "Démontrez que toute suite bornée de réels admet une sous-suite convergente, en justifiant chaque étape.",
        "Implémentez un ordonnanceur sans verrou avec vol de tâches en C++ et démontrez qu'aucune tâche n'est perdue.",
        "Demuestra que la raíz cuadrada de un entero que no es cuadrado perfecto es irracional y explica cada paso.",
        "Dimostra che ogni gruppo di ordine p^2 è abeliano, giustificando ogni passaggio.",
        "Prove que a série harmônica alternada converge e calcule a sua soma, justificando cada passo.",
        "Докажите, что группа порядка 15 циклическая, и обоснуйте каждый шаг доказательства.",
        "证明：不存在正整数解使得x^4+y^4=z^2，并详细说明每一步的推导。",
        "nを正の整数とするとき、n^7-nが42で割り切れることを証明し、各段階の理由を説明してください。",
    ];

    [Fact]
    public void Difficulty_OfEveryPlainlyEasyPrompt_IsBelowThatOfEveryPlainlyHardOne()
    {
        var hardestEasy = Easy.MaxBy(Of)!;
        var easiestHard = Hard.MinBy(Of)!;

        Of(hardestEasy).ShouldBeLessThan(Of(easiestHard), $"{hardestEasy} / {easiestHard}");
    }

    [Fact]
    public void Difficulty_OfPlainlyEasyAndHardPrompts_LiesAtTheTwoEnds()
    {
        Easy.Average(Of).ShouldBeInRange(0.02, 0.25);
        Hard.Average(Of).ShouldBeInRange(0.65, 0.97);
    }

    private static double Of(string prompt) => TaskClassifier.Default.Classify(prompt).Difficulty;
}
