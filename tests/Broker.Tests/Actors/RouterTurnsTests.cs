using System.Collections;
using System.Collections.Concurrent;
using Akka.Actor;
using UdsBroker.Broker.Actors;
using UdsBroker.Broker.Sessions;
using UdsBroker.Broker.Tests.Core;
using UdsBroker.Broker.Tests.Routing;
using UdsBroker.Protocol;

namespace UdsBroker.Broker.Tests.Actors;

/// <summary>The order in which the router applies the waiting batches of several users.</summary>
public sealed class RouterTurnsTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly ConcurrentQueue<string> _applied = new();
    private readonly Subscriptions _subscriptions = new();

    [Fact]
    public async Task A_user_with_many_batches_lets_another_have_the_next_turn()
    {
        await using var broker = await BrokerInProcess.StartAsync();
        var router = await broker.FindAsync("router");
        using var gate = new ManualResetEventSlim();
        Task[] answers =
        [
            ApplyAsync(router, "first", uid: 9, gate),
            .. Enumerable.Range(1, 4).Select(number => ApplyAsync(router, $"greedy {number}", uid: 1)),
            ApplyAsync(router, "modest", uid: 2),
        ];
        gate.Set();
        await Task.WhenAll(answers);
        Assert.Equal(["first", "greedy 1", "modest", "greedy 2", "greedy 3", "greedy 4"], _applied);
    }

    [Fact]
    public async Task Waiting_batches_are_applied_after_a_fault_of_the_router()
    {
        await using var broker = await BrokerInProcess.StartAsync();
        var router = await broker.FindAsync("router");
        using var gate = new ManualResetEventSlim();
        var first = ApplyAsync(router, "first", uid: 9, gate);
        var faulty = router.Ask<object>(new RouterActor.Apply([new RoutingChange(null!, Begins: true)], Uid: 1), Patience, TestContext.Current.CancellationToken);
        var later = ApplyAsync(router, "later", uid: 2);
        gate.Set();
        await Task.WhenAll(first, later);
        Assert.IsType<RouterActor.Failed>(await faulty);
        Assert.Equal(["first", "later"], _applied);
    }

    [Fact]
    public async Task The_end_of_a_connection_ends_all_of_its_subscriptions_however_many_turns_that_takes()
    {
        await using var broker = await BrokerInProcess.StartAsync("udsbroker.users.max-system-subscriptions=10000");
        using var watcher = await broker.ConnectAsync();
        await watcher.SendAsync(Frames.Join(Enumerable.Range(1, 9000).Select(i => Frames.Subscribe((uint)i, $"$SYS.interest.x.{i}", new SubscribeOptions { Retained = false }))));
        await watcher.FenceAsync();
        using (var other = await broker.ConnectAsync())
        {
            await other.SendAsync(Frames.Join(Enumerable.Range(1, 20).Select(i => Frames.Subscribe((uint)i, $"x.*.{i}"))));
            await other.FenceAsync();
            Assert.Equal(9020, broker.Context.Table.Current.ClientCount);
        }

        await BrokerInProcess.UntilAsync(() => broker.Context.Table.Current.ClientCount == 9000);
    }

    private async Task ApplyAsync(IActorRef router, string name, uint uid, ManualResetEventSlim? gate = null)
    {
        var end = new RoutingChange(_subscriptions.To("a"), Begins: false); // of a subscription that never began
        var batch = new Batch(end, () =>
        {
            gate?.Wait(Patience);
            _applied.Enqueue(name);
        });
        Assert.IsType<RouterActor.Applied>(await router.Ask<object>(new RouterActor.Apply(batch, uid), Patience, TestContext.Current.CancellationToken));
    }

    /// <summary>One change that reports when the router reads it.</summary>
    private sealed class Batch(RoutingChange change, Action seen) : IReadOnlyList<RoutingChange>
    {
        public int Count => 1;

        public RoutingChange this[int index]
        {
            get
            {
                seen();
                return change;
            }
        }

        public IEnumerator<RoutingChange> GetEnumerator() => throw new NotSupportedException();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
