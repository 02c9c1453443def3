using System.Collections.Concurrent;
using Akka.Actor;

namespace UdsBroker.Compat.Actors.Tests;

/// <summary>
/// Trees of actors that fail, restart, escalate, stop and await at random while messages rain on them. Whatever happens, every
/// instance that started is told of its end, none runs on two threads at a time, and the system can be terminated.
/// </summary>
public sealed class StormTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task Every_instance_ends_and_the_system_terminates(int seed)
    {
        await using var test = new TestSystem();
        var book = new Book();
        for (var root = 0; root < 4; root++)
        {
            var i = root;
            test.System.ActorOf(Props.Create(() => new Node(book, 3, i + seed)), $"root{i}");
        }

        await Parallel.ForEachAsync(
            Enumerable.Range(0, 4),
            TestContext.Current.CancellationToken,
            async (worker, cancellation) =>
            {
                var dice = new Random((seed * 100) + worker);
                for (var i = 0; i < 1_500; i++)
                {
                    var path = "/user/root" + dice.Next(4);
                    for (var depth = dice.Next(4); depth > 0; depth--) path += "/n" + dice.Next(3);
                    test.System.ActorSelection(path).Tell(dice.Next(8) switch
                    {
                        0 => "fail",
                        1 => "stop",
                        2 => "await",
                        3 => "await and fail",
                        4 => "grow",
                        _ => "work",
                    });
                    if (i % 50 == 0) await Task.Yield();
                }
            });
        await test.System.Terminate().InTime();
        await test.System.WhenTerminated.InTime();
        Assert.Empty(book.Errors);
        Assert.Empty(book.Alive);
    }

    /// <summary>Which instances live, and what must not have happened.</summary>
    private sealed class Book
    {
        public ConcurrentDictionary<object, string> Alive { get; } = new(ReferenceEqualityComparer.Instance);

        public ConcurrentBag<string> Errors { get; } = [];
    }

    private sealed class Node : ReceiveActor
    {
        private readonly Book _book;
        private readonly int _depth;
        private readonly int _seed;
        private int _inside;

        public Node(Book book, int depth, int seed)
        {
            _book = book;
            _depth = depth;
            _seed = seed;
            Receive<string>(text => text == "fail", _ => Alone(() => throw new Boom("fail")));
            Receive<string>(text => text == "stop" && depth < 3, _ => Alone(() => Context.Stop(Self)));
            Receive<string>(text => text == "grow", _ => Alone(Grow));
            ReceiveAsync<string>(
                async text =>
                {
                    Enter();
                    await Task.Yield();
                    Leave();
                    if (text != "await") throw new Boom(text);
                },
                text => text.StartsWith("await", StringComparison.Ordinal));
            Receive<string>(_ => Alone(() => { }));
        }

        protected override void PreStart()
        {
            if (!_book.Alive.TryAdd(this, Self.Path.ToString())) _book.Errors.Add($"{Self.Path} started twice");
            Grow();
        }

        // An instance that is stopped while its restart waits for its children is told so a second time.
        protected override void PostStop() => _book.Alive.TryRemove(this, out _);

        protected override SupervisorStrategy SupervisorStrategy() => _seed % 2 == 0
            ? new OneForOneStrategy(20, Timeout.Infinite, Decide, loggingEnabled: false)
            : new AllForOneStrategy(20, Timeout.Infinite, Decide, loggingEnabled: false);

        private Directive Decide(Exception cause) => ((cause.Message.Length + _depth + _seed) % 4) switch
        {
            0 => Directive.Resume,
            1 => Directive.Escalate,
            _ => Directive.Restart,
        };

        private void Grow()
        {
            if (_depth == 0) return;
            for (var i = 0; i < 3; i++)
            {
                var (book, depth, seed) = (_book, _depth - 1, _seed + i);
                if (Context.Child("n" + i).IsNobody()) Context.ActorOf(Props.Create(() => new Node(book, depth, seed)), "n" + i);
            }
        }

        private void Alone(Action work)
        {
            Enter();
            try
            {
                work();
            }
            finally
            {
                Leave();
            }
        }

        private void Enter()
        {
            if (Interlocked.Exchange(ref _inside, 1) == 1) _book.Errors.Add($"{Self.Path} ran twice at a time");
        }

        private void Leave() => Volatile.Write(ref _inside, 0);
    }
}
