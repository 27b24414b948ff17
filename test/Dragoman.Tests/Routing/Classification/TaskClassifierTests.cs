using Dragoman.Canonical;
using Dragoman.Routing.Classification;
using Shouldly;
using Xunit;

namespace Dragoman.Tests.Routing.Classification;

public sealed class TaskClassifierTests
{
    [Theory]
    [InlineData("code", "Write a function in Rust that merges two sorted vectors")]
    [InlineData("code", "Schreib mir ein Skript in Python, das doppelte Dateien findet")]
    [InlineData("code", "Écris une requête SQL qui compte les commandes par client")]
    [InlineData("code", "用Java写一个单例模式的类")]
    [InlineData("math", "Solve 4x - 7 = 21 for x")]
    [InlineData("math", "Berechne 18 % von 350")]
    [InlineData("math", "Сколько будет 36 разделить на 4?")]
    [InlineData("math", "小红有24颗糖，分给6个同学，每人几颗？")]
    [InlineData("reasoning", "If all zorks are blue and Max is a zork, is Max blue?")]
    [InlineData(
        "reasoning",
        "Si tous les oiseaux volent et que Titi ne vole pas, Titi est-il un oiseau ?"
    )]
    [InlineData("reasoning", "如果所有的鸟都会飞，而企鹅不会飞，企鹅是鸟吗？")]
    [InlineData("knowledge", "What is the largest desert in the world?")]
    [InlineData("knowledge", "¿Quién inventó la imprenta?")]
    [InlineData("knowledge", "Wie hoch ist der Mont Blanc?")]
    [InlineData("knowledge", "ما هي عاصمة اليابان؟")]
    [InlineData("creative", "Write a poem about an old lighthouse")]
    [InlineData("creative", "Escribe un cuento corto sobre un gato astronauta")]
    [InlineData("creative", "Напиши рассказ о потерянном письме")]
    [InlineData("creative", "가을에 대한 시를 써줘")]
    [InlineData(
        "summarization",
        "Summarize this: The council met on Monday, argued for three hours and postponed the vote."
    )]
    [InlineData(
        "summarization",
        "Riassumi il testo: Il ponte è chiuso da marzo perché il comune cerca i fondi per ripararlo."
    )]
    [InlineData(
        "summarization",
        "请总结下面的内容：市政府决定明年修建两条新的地铁线路，预计三年完工。"
    )]
    [InlineData("translation", "Translate into Polish: Where is the bus stop?")]
    [InlineData("translation", "Как сказать «доброе утро» по-итальянски?")]
    [InlineData("translation", "Bunu Almancaya çevir: Bugün hava çok güzel")]
    [InlineData("translation", "次の文を英語に翻訳してください：明日は雨が降るでしょう")]
    [InlineData(
        "extraction",
        "Extract all email addresses from: write to a@example.com or b@example.org"
    )]
    [InlineData(
        "extraction",
        "Extraia todas as datas do texto: a feira vai de 3 a 9 de maio de 2022"
    )]
    [InlineData("extraction", "从下面的句子中提取地名：他从广州出发，经过长沙到达武汉")]
    [InlineData(
        "analysis",
        "Is the sentiment of this review positive or negative? The soup was cold and so was the waiter."
    )]
    [InlineData("analysis", "Was sind die Vor- und Nachteile einer Fahrradstraße?")]
    [InlineData("analysis", "判断这条评论是正面还是负面：客服很有耐心，问题很快解决了")]
    [InlineData("chat", "hello! how are you?")]
    [InlineData("chat", "Hallo, wer bist du?")]
    [InlineData("chat", "Xin chào, bạn khỏe không?")]
    [InlineData(
        "chat",
        "I want you to act as a museum guide. My first question is: where do we start?"
    )]
    public void Classify_PlainPrompt_TellsTheTask(string task, string prompt)
    {
        var said = TaskClassifier.Default.Classify(prompt);

        said.Task.Name().ShouldBe(task);
        said.IsAbstention.ShouldBeFalse();
        said.Scores.Sum().ShouldBe(1, 1e-4);
        said.Confidence.ShouldBe(said.Scores.Max());
    }

    [Theory]
    [InlineData("")]
    [InlineData("  \n\t ")]
    [InlineData("asdkjh qwlekj zzxcv mmnbv")]
    [InlineData("¿?")]
    public void Classify_NothingToGoBy_AbstainsAsUnsureChat(string prompt)
    {
        var said = TaskClassifier.Default.Classify(prompt);

        said.IsAbstention.ShouldBeTrue();
        said.Task.ShouldBe(TaskKind.Chat);
        said.Confidence.ShouldBeLessThan(0.3);
        said.Scores.Sum().ShouldBe(1, 1e-4);
    }

    [Fact]
    public void Classify_NoMessageOfAUser_Abstains()
    {
        TaskClassifier.Default.Classify(Conversation()).IsAbstention.ShouldBeTrue();
    }

    [Theory]
    [InlineData("Please summarise the following report in five sentences.", "summarization")]
    [InlineData("Translate the following text into German.", "translation")]
    [InlineData("Extract all names of persons from the following text as JSON.", "extraction")]
    public void Classify_LongDocument_ReadsTheOrderBeforeOrAfterIt(string order, string task)
    {
        var document = Document(100_000);

        foreach (var text in (string[])[$"{order}\n\n{document}", $"{document}\n\n{order}"])
        {
            TaskClassifier.Default.Classify(text).Task.Name().ShouldBe(task);
            TaskClassifier
                .Default.Classify(Conversation((MessageRole.User, text)))
                .Task.Name()
                .ShouldBe(task);
        }
    }

    [Fact]
    public void Classify_OrderAndDocumentAsParts_ReadsBoth()
    {
        var request = new ChatRequest
        {
            Model = JsonText.Of("auto"),
            Messages =
            [
                new Message(
                    MessageRole.User,
                    [
                        new TextPart(JsonText.Of(Document(60_000))),
                        new TextPart(JsonText.Of("Summarize the text above in one paragraph.")),
                    ]
                ),
            ],
        };

        TaskClassifier.Default.Classify(request).Task.ShouldBe(TaskKind.Summarization);
    }

    [Fact]
    public void Classify_TextAndRequestOfThatText_SayTheSame()
    {
        foreach (
            var text in (string[])
                [
                    "Write a poem about \"rain\"\nand a haiku.",
                    "把这句话翻译成英文：“你好”\t\\ /",
                    Document(30_000) + "\nWhat are the main points?",
                ]
        )
        {
            var alone = TaskClassifier.Default.Classify(text);
            var asked = TaskClassifier.Default.Classify(Conversation((MessageRole.User, text)));

            asked.Task.ShouldBe(alone.Task);
            if (text.Length < 4000)
            {
                asked.Scores.ShouldBe(alone.Scores);
                asked.Difficulty.ShouldBe(alone.Difficulty);
                asked.Signals.ShouldBe(alone.Signals);
            }
        }
    }

    [Fact]
    public void Classify_PlainSystemPrompt_ChangesNothingMuch()
    {
        var said = TaskClassifier.Default.Classify(
            Conversation(
                (MessageRole.System, "You are a helpful assistant. Answer politely."),
                (MessageRole.User, "Write a Python function that reverses a string")
            )
        );

        said.Task.ShouldBe(TaskKind.Code);
    }

    [Fact]
    public void Classify_SystemPromptThatIsTheTask_DecidesForPlainText()
    {
        var said = TaskClassifier.Default.Classify(
            Conversation(
                (
                    MessageRole.System,
                    "Translate everything the user writes into French. Return the translation only."
                ),
                (MessageRole.User, "The parcel will arrive on Thursday afternoon.")
            )
        );

        said.Task.ShouldBe(TaskKind.Translation);
    }

    [Theory]
    [InlineData("Write a short story about a fox", "make it shorter", "creative")]
    [InlineData("Translate to Spanish: good morning", "and in Italian?", "translation")]
    [InlineData("Write a C# class for a stack", "now add a Peek method", "code")]
    public void Classify_FollowUp_IsReadInTheLightOfWhatWasAsked(
        string first,
        string second,
        string task
    )
    {
        var said = TaskClassifier.Default.Classify(
            Conversation(
                (MessageRole.User, first),
                (MessageRole.Assistant, "Here you are."),
                (MessageRole.User, second)
            )
        );

        said.Task.Name().ShouldBe(task);
        said.Signals.IsMultiTurn.ShouldBeTrue();
    }

    [Fact]
    public void Classify_NewTopic_LeavesTheOldOne()
    {
        var said = TaskClassifier.Default.Classify(
            Conversation(
                (MessageRole.User, "Write a short story about a fox"),
                (MessageRole.Assistant, "Once upon a time …"),
                (MessageRole.User, "What is 12 times 14?")
            )
        );

        said.Task.ShouldBe(TaskKind.Math);
    }

    [Theory]
    [InlineData("transalte this to german: good night", "translation")]
    [InlineData(
        "sumarize the folowing text: the shop is closed on monday and opens again on tuesday",
        "summarization"
    )]
    [InlineData("wirte a pyhton function to sort a list", "code")]
    public void Classify_Typos_AreSeenThrough(string prompt, string task)
    {
        TaskClassifier.Default.Classify(prompt).Task.Name().ShouldBe(task);
    }

    [Fact]
    public void Classify_ManyThreads_AlwaysSaysTheSame()
    {
        var prompts = Enumerable
            .Range(0, 40)
            .Select(i => $"Write {i} lines about the sea, then solve x + {i} = {i * 3}.")
            .ToArray();
        var expected = prompts.Select(prompt => TaskClassifier.Default.Classify(prompt)).ToArray();

        Parallel.For(
            0,
            400,
            i =>
            {
                var said = TaskClassifier.Default.Classify(prompts[i % 40]);
                said.Scores.ShouldBe(expected[i % 40].Scores);
                said.Difficulty.ShouldBe(expected[i % 40].Difficulty);
            }
        );
    }

    [Theory]
    [InlineData(
        "hi",
        "Prove that the sequence a_n = (1 + 1/n)^n is increasing and bounded, step by step."
    )]
    [InlineData(
        "What is the capital of France?",
        "Design a lock-free queue in C++, state the memory order of each access and argue why it is linearizable."
    )]
    [InlineData(
        "Translate to Spanish: good night",
        "A tank holds 240 litres and leaks 3 percent of its content per hour while 5 litres per hour flow in. After how many hours is it half full?"
    )]
    public void Difficulty_OfAHardPrompt_IsAboveThatOfAnEasyOne(string easy, string hard)
    {
        var low = TaskClassifier.Default.Classify(easy).Difficulty;
        var high = TaskClassifier.Default.Classify(hard).Difficulty;

        low.ShouldBeInRange(0, 1);
        high.ShouldBeInRange(low + 0.05, 1);
    }

    private static string Document(int length)
    {
        const string line =
            "Anna Berg of the harbour office wrote on 3 May 1987 that the old quay, which had been built by her grandfather, would be closed. ";
        return string.Concat(Enumerable.Repeat(line, length / line.Length + 1))[..length];
    }

    private static ChatRequest Conversation(params (MessageRole Role, string Text)[] messages) =>
        new()
        {
            Model = JsonText.Of("auto"),
            Messages = [.. messages.Select(message => Message.OfText(message.Role, message.Text))],
        };

    [Theory]
    [InlineData("Translate the sentence into Dutch.\n\n### Input:\nThe lamp is on.")]
    [InlineData("Decide if the tone is warm or cold.\n\n### Input:\nLeave it there.")]
    public void Classify_PreambleBeforeAnInstruction_ChangesNothing(string order)
    {
        const string preamble =
            "Below is an instruction that describes a task. Write a response that completes the request.\n\n";
        var instruction = $"### Instruction:\n{order}\n\n### Response:";

        var with = TaskClassifier.Default.Classify(preamble + instruction);
        var without = TaskClassifier.Default.Classify(instruction);

        with.Task.ShouldBe(without.Task);
        with.Confidence.ShouldBe(without.Confidence);
        with.Difficulty.ShouldBe(without.Difficulty);
    }

    [Theory]
    [InlineData("Translate into Spanish:\n\n### Instruction:\nUnscrew the lid.", "translation")]
    [InlineData(
        "Write a Python function that cuts prompts at this heading:\n### Instruction:\nSay hello.",
        "code"
    )]
    public void Classify_AnInstructionsHeadingInAPastedText_StillReadsWhatStandsBefore(
        string prompt,
        string task
    ) => TaskClassifier.Default.Classify(prompt).Task.Name().ShouldBe(task);

    [Fact]
    public void Classify_InstructionsAsAHeadingOfAPastedText_StillReadsWhatStandsBefore()
    {
        const string pasted =
            "\n\n### Instructions\nUnscrew the lid, fill in the water and wait for the light.";

        TaskClassifier
            .Default.Classify("Translate into Spanish:" + pasted)
            .Task.ShouldBe(TaskKind.Translation);
        TaskClassifier
            .Default.Classify("Summarize this page in two sentences:" + pasted)
            .Task.ShouldBe(TaskKind.Summarization);
    }
}
