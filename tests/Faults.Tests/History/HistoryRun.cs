using UdsBroker.Protocol;

namespace UdsBroker.Faults.Tests;

/// <summary>
/// Clients on threads of their own who do what a seed says, against a broker in a process of its own, until nothing moves any more. Threads do not replay: the
/// same seed gives the same deeds of each client, not the same history.
/// </summary>
internal sealed class HistoryRun(string socket, int seed, long round)
{
    private const int Clients = 8;
    private const int StepsPerClient = 80;

    /// <summary>So many fences in a row of all clients without anything else, and nothing is on its way.</summary>
    private const int QuietFences = 3;

    private static readonly OverflowPolicy[] Policies = [OverflowPolicy.Block, OverflowPolicy.DropOldest, OverflowPolicy.DropNewest, OverflowPolicy.Latest];

    private readonly long[] _activity = new long[Clients];

    // In every other run nobody dies: the receipts have to add up exactly then.
    private readonly bool _isDeadly = round % 2 == 1;

    internal History History { get; } = new();

    /// <summary>Plays it; what is wrong with it is for the checker to say.</summary>
    internal async Task PlayAsync()
    {
        using var together = new Barrier(Clients);
        await Task.WhenAll(Enumerable.Range(0, Clients).Select(
            number => Task.Factory.StartNew(() => Play(number, together), Campaign.Cancelled, TaskCreationOptions.LongRunning, TaskScheduler.Default)));
    }

    private void Play(int number, Barrier together)
    {
        try
        {
            var random = new SeededRandom(seed, (round * Clients) + number);
            var client = new HistoryClient(socket, History);
            Begin(client, random);
            for (var step = 0; step < StepsPerClient; step++)
            {
                if (client.IsOver)
                {
                    client = new HistoryClient(socket, History);
                    Begin(client, random);
                }

                Do(client, random);
                client.Turn(TimeSpan.FromMicroseconds(random.Next(1000)));
                while (!client.IsOver && !client.HasSentAll) client.Turn(TimeSpan.FromMilliseconds(1));
            }

            using (client) Settle(client, number, together);
        }
        finally
        {
            together.RemoveParticipant(); // one that fails holds nobody up
        }
    }

    // Everybody has something to listen to; two of three offer the service.
    private void Begin(HistoryClient client, SeededRandom random)
    {
        client.Subscribe(Pattern(random), Options(random));
        if (!random.OneIn(3)) client.Subscribe(Name("ask.*"), new SubscribeOptions { Queue = Name("service") });
        client.Fence();
    }

    private void Do(HistoryClient client, SeededRandom random)
    {
        switch (random.Next(24))
        {
            case 0:
                client.Subscribe(Pattern(random), Options(random));
                client.Fence();
                break;
            case 1:
                client.Subscribe(Name("n.*.y"), new SubscribeOptions { Queue = Name("workers"), Credit = random.OneIn(2) ? 20ul : null });
                client.Fence();
                break;
            case 2:
                Leave(client, random);
                break;
            case 3:
                Thread.Sleep(random.Next(120)); // the fault itself: it does not read
                break;
            case 4 when random.OneIn(6):
                Thread.Sleep(300 + random.Next(300)); // beyond the stall timeout
                break;
            case 5 or 6 or 7:
                for (var i = random.Next(4); i >= 0; i--) client.Request(Name($"ask.{random.Next(3)}"));
                if (random.OneIn(4)) client.Request(Name("nobody.there"));
                break;
            case 8 or 9:
                client.Fence();
                break;
            case 10 when _isDeadly && random.OneIn(3):
                client.Kill(withinFrame: random.OneIn(2));
                break;
            default:
                var (subject, large) = (Subject(random), random.OneIn(8));
                for (var i = random.Next(30); i >= 0; i--)
                {
                    client.Publish(subject, large ? 1000 + random.Next(4000) : 20 + random.Next(100));
                    if (random.OneIn(4)) subject = Subject(random);
                }

                break;
        }
    }

    private static void Leave(HistoryClient client, SeededRandom random)
    {
        var open = client.Recorded.Subscriptions.Where(s => s.EndAsked == long.MaxValue).ToList();
        if (open.Count < 2) return;
        client.Unsubscribe(open[random.Next(open.Count)], drain: random.OneIn(2));
        client.Fence();
    }

    // All together, again and again, until fences are all that happens.
    private void Settle(HistoryClient client, int number, Barrier together)
    {
        for (var (quiet, last) = (0, -1L); quiet < QuietFences;)
        {
            client.Fence();
            var clock = System.Diagnostics.Stopwatch.StartNew();
            while (!client.IsOver && !(client.IsFenced && client.HasSentAll))
            {
                client.Turn(TimeSpan.FromMilliseconds(1));
                if (clock.Elapsed > Wait.Patience) throw new TimeoutException($"{client.Recorded} has no answer to a PING");
            }

            client.Turn(TimeSpan.FromMilliseconds(5));
            Volatile.Write(ref _activity[number], client.Activity);
            if (!together.SignalAndWait(Wait.Patience, Campaign.Cancelled)) throw new TimeoutException("not everybody came to rest");
            var now = _activity.Sum();
            quiet = now == last ? quiet + 1 : 0;
            last = now;
            together.SignalAndWait(Wait.Patience, Campaign.Cancelled); // no thread goes on before all have checked
        }
    }

    private string Subject(SeededRandom random) => Name($"n.{random.Of<string>(["a", "b", "c"])}.{random.Of<string>(["x", "y", "z"])}");

    private string Pattern(SeededRandom random) => Name(random.Of<string>(["n.>", "n.*.x", "n.a.*", "n.b.>", "*.c.*", "n.a.x", "n.*.*"]));

    private SubscribeOptions Options(SeededRandom random) => new()
    {
        Overflow = _isDeadly && random.OneIn(6) ? OverflowPolicy.Disconnect : random.Of<OverflowPolicy>(Policies),
        Credit = random.OneIn(2) ? (ulong)(1 + random.Next(50)) : null,
        PendingBytes = random.OneIn(2) ? (ulong)(2000 + random.Next(30_000)) : null,
    };

    // Runs do not hear each other.
    private string Name(string rest) => $"h{round}.{rest}";
}
