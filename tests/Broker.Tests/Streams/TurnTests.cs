using Akka.Dispatch;
using UdsBroker.Broker.Streams;

namespace UdsBroker.Broker.Tests.Streams;

/// <summary>What is woken during a turn runs after it on the same thread, up to a bound.</summary>
public sealed class TurnTests
{
    private static readonly TimeSpan Hang = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Joined_runs_follow_the_first_in_order_on_the_same_thread()
    {
        var seen = new List<(string What, Thread On)>();
        await RunInTurnAsync(() =>
        {
            Assert.True(Turn.TryJoin(new Work(() =>
            {
                seen.Add(("second", Thread.CurrentThread));
                Assert.True(Turn.TryJoin(new Work(() => seen.Add(("fourth", Thread.CurrentThread)))));
            })));
            Assert.True(Turn.TryJoin(new Work(() => seen.Add(("third", Thread.CurrentThread)))));
            seen.Add(("first", Thread.CurrentThread));
        });

        Assert.Equal(["first", "second", "third", "fourth"], seen.Select(each => each.What));
        Assert.Single(seen.Select(each => each.On).Distinct());
        Assert.True(seen[0].On.IsThreadPoolThread);
    }

    [Fact]
    public async Task A_turn_is_bounded_and_further_runs_go_to_other_threads()
    {
        var answers = new List<bool>();
        await RunInTurnAsync(() =>
        {
            for (var i = 0; i < 20; i++) answers.Add(Turn.TryJoin(new Work(() => { })));
        });

        Assert.Equal([.. Enumerable.Repeat(true, 16), .. Enumerable.Repeat(false, 4)], answers);
    }

    [Fact]
    public void Nothing_joins_where_there_is_no_turn() => Assert.False(Turn.TryJoin(new Work(() => { })));

    // Ends when the whole turn has: the pool runs what it does next after it, not this test.
    private static async Task RunInTurnAsync(Action first)
    {
        var over = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Turn.Begin(new Work(() =>
        {
            try
            {
                first();
            }
            catch (Exception failure)
            {
                over.TrySetException(failure);
            }

            Last(3, () => over.TrySetResult());
        }));
        await over.Task.WaitAsync(Hang, TestContext.Current.CancellationToken);
    }

    // After what joined, and after what that had join; at once where nobody may join any more.
    private static void Last(int generations, Action done)
    {
        if (generations == 0 || !Turn.TryJoin(new Work(() => Last(generations - 1, done)))) done();
    }

    private sealed class Work(Action run) : IRunnable, IThreadPoolWorkItem
    {
        public void Run() => run();

        public void Execute() => run();
    }
}
