using System.Diagnostics;
using System.Text;
using Akka.Actor;
using UdsBroker.Broker.Tests.Core;
using UdsBroker.Protocol;

namespace UdsBroker.Broker.Tests.Actors;

/// <summary>Retained, expiring and delayed messages through the actors and streams: real sockets, real time.</summary>
public sealed class KeptMessagesTests
{
    [Fact]
    public async Task A_subscription_gets_what_is_retained_before_the_fence_after_it()
    {
        await using var broker = await BrokerInProcess.StartAsync();
        using var publisher = await broker.ConnectAsync();
        using var subscriber = await broker.ConnectAsync();
        await publisher.SendAsync(Frames.Join(Frames.Retained("a", "1"), Frames.Retained("b", "2"), Frames.Retained("a", "")));
        Assert.Equal(new Receipt(3, 0, 0), await publisher.FenceAsync());

        await subscriber.SubscribeAsync(1, ">");
        await subscriber.SendAsync(output => FrameWriter.Write(output, new PingCommand(1)));
        Assert.True(CommandReader.TryReadDeliver(await subscriber.ExpectAsync(FrameKind.Deliver), out DeliverCommand? deliver, out _));
        Assert.Equal((publisher.Id, 1u, DeliverFlags.Retained), (deliver.Sender, deliver.Count, deliver.Flags));
        Assert.Equal(Frames.Retained("b", "2"), await subscriber.ExpectAsync(FrameKind.Publish));
        await subscriber.ExpectAsync(FrameKind.Pong);
    }

    [Fact]
    public async Task Each_value_reaches_each_of_many_subscriptions_exactly_once_retained_or_live()
    {
        await using var broker = await BrokerInProcess.StartAsync();
        using var publisher = await broker.ConnectAsync();
        const int Values = 2000;
        var publishing = Task.Run(async () =>
        {
            for (var i = 1; i <= Values; i += 10)
            {
                await publisher.SendAsync(Frames.Join(Enumerable.Range(i, 10).Select(n => Frames.Retained("counter", $"{n}"))));
            }

            return await publisher.FenceAsync();
        });
        var subscribing = Enumerable.Range(0, 2).Select(_ => Task.Run(async () =>
        {
            using var subscriber = await broker.ConnectAsync();
            for (uint sid = 1; sid <= 20; sid++) Assert.Equal(Values, await FollowAsync(subscriber, sid, Values));
        })).ToArray();

        Assert.Equal((ulong)Values, (await publishing).Published);
        await Task.WhenAll(subscribing);
    }

    [Fact]
    public async Task A_batch_that_takes_several_turns_is_confirmed_when_all_of_it_is_in_force()
    {
        await using var broker = await BrokerInProcess.StartAsync();
        using var publisher = await broker.ConnectAsync();
        using var subscriber = await broker.ConnectAsync();
        const int Values = 1500;
        const int Subscriptions = 6; // three in a turn
        await publisher.SendAsync(Frames.Join(Enumerable.Range(0, Values).Select(n => Frames.Retained($"a.{n}", $"{n}"))));
        await publisher.FenceAsync();

        var batch = Enumerable.Range(1, Subscriptions).Select(sid => Frames.Subscribe((uint)sid, "a.*", new SubscribeOptions { Credit = 1 }));
        await subscriber.SendAsync(Frames.Join([.. batch, Frames.Ping(7)]));
        var sids = new List<uint>();
        for (var sid = 1; sid <= Subscriptions; sid++)
        {
            Assert.True(CommandReader.TryReadDeliver(await subscriber.ExpectAsync(FrameKind.Deliver), out DeliverCommand? deliver, out _));
            Assert.Equal(DeliverFlags.Retained, deliver.Flags);
            sids.AddRange(deliver.Sids);
            Assert.Equal(Frames.Retained("a.0", "0"), await subscriber.ExpectAsync(FrameKind.Publish));
        }

        Assert.Equal([1, 2, 3, 4, 5, 6], sids);
        await subscriber.ExpectAsync(FrameKind.Pong);
    }

    [Fact]
    public async Task A_message_that_expires_before_credit_is_granted_is_missed()
    {
        await using var broker = await BrokerInProcess.StartAsync();
        using var publisher = await broker.ConnectAsync();
        using var subscriber = await broker.ConnectAsync();
        await subscriber.SubscribeAsync(1, "a", new SubscribeOptions { Credit = 0, Overflow = OverflowPolicy.DropOldest });
        await subscriber.FenceAsync();
        await publisher.SendAsync(Frames.Join(Frames.Publish("a", "1", (KnownHeaders.Expires, "1")), Frames.Publish("a", "2")));
        var receipt = await publisher.FenceAsync();
        await AfterAsync(broker, milliseconds: 2);
        await subscriber.SendAsync(output => FrameWriter.Write(output, new CreditCommand(1, 10)));

        Assert.True(CommandReader.TryReadMissed(await subscriber.ExpectAsync(FrameKind.Missed), out MissedCommand? missed, out _));
        Assert.Equal(new MissedCommand(1, 1, 1), missed);
        Assert.Equal("2", Assert.Single(await subscriber.ReceiveAsync()).Payload);
        Assert.Equal(new Receipt(2, 2, 1, 1), receipt + await publisher.FenceAsync());
    }

    [Fact]
    public async Task A_delayed_message_is_delivered_after_its_delay_even_if_its_publisher_has_gone()
    {
        await using var broker = await BrokerInProcess.StartAsync();
        using var subscriber = await broker.ConnectAsync();
        await subscriber.SubscribeAsync(1, "a");
        await subscriber.FenceAsync();
        var start = Stopwatch.GetTimestamp();
        Guid sender;
        using (var publisher = await broker.ConnectAsync())
        {
            sender = publisher.Id;
            await publisher.SendAsync(Frames.Join(Delayed("a", "later", 300), Delayed("a", "sooner", 150)));
            Assert.Equal(new Receipt(2, 0, 0), await publisher.FenceAsync());
        }

        var first = Assert.Single(await subscriber.ReceiveAsync());
        Assert.Equal((sender, "sooner"), (first.Sender, first.Payload));
        Assert.True(Stopwatch.GetElapsedTime(start) >= TimeSpan.FromMilliseconds(150));
        Assert.Equal("later", Assert.Single(await subscriber.ReceiveAsync()).Payload);
        Assert.True(Stopwatch.GetElapsedTime(start) >= TimeSpan.FromMilliseconds(300));
    }

    [Fact]
    public async Task Delayed_messages_survive_a_fault_of_their_actor()
    {
        await using var broker = await BrokerInProcess.StartAsync();
        using var client = await broker.ConnectAsync();
        await client.SubscribeAsync(1, "a");
        await client.SendAsync(Delayed("a", "1", 200));
        await client.FenceAsync();
        (await broker.FindAsync("delay")).Tell(Kill.Instance);
        Assert.Equal("1", Assert.Single(await client.ReceiveAsync()).Payload);
    }

    [Fact]
    public async Task Messages_still_delayed_when_the_broker_stops_are_dropped_and_logged()
    {
        var broker = await BrokerInProcess.StartAsync();
        using (var client = await broker.ConnectAsync())
        {
            await client.SendAsync(Frames.Join(Delayed("a", "1", 1_000_000), Delayed("a", "2", 2_000_000)));
            await client.FenceAsync();
        }

        await broker.DisposeAsync();
        Assert.Contains(broker.Log, line => line.Contains("2 delayed messages were dropped", StringComparison.Ordinal));
        Assert.Equal((0, 0L), broker.Context.Kept.Delayed.Waiting);
    }

    // Subscribes, reads the counter to its end, and returns how many values up to the last were either before the first or received.
    private static async Task<int> FollowAsync(RawClient subscriber, uint sid, int last)
    {
        await subscriber.SubscribeAsync(sid, "counter");
        var previous = 0;
        var isFirst = true;
        while (previous < last)
        {
            Assert.True(CommandReader.TryReadDeliver(await subscriber.ExpectAsync(FrameKind.Deliver), out DeliverCommand? deliver, out _));
            for (var i = 0; i < deliver.Count; i++)
            {
                var frame = await subscriber.ExpectAsync(FrameKind.Publish);
                if (!deliver.Sids.Contains(sid)) continue;
                Assert.Equal(ScanResult.Done, FrameScanner.Scan(frame, Limits.Default, out var head));
                var value = int.Parse(Encoding.ASCII.GetString(frame, head.PayloadStart, head.PayloadLength), provider: null);
                if (isFirst) previous = value - 1;
                Assert.Equal(previous + 1, value);
                Assert.True(isFirst || deliver.Flags == DeliverFlags.None);
                (previous, isFirst) = (value, false);
            }
        }

        await subscriber.SendAsync(output => FrameWriter.Write(output, new UnsubscribeCommand(sid, null)));
        return previous;
    }

    private static async Task AfterAsync(BrokerInProcess broker, long milliseconds)
    {
        var until = broker.Context.Clock.Milliseconds + milliseconds;
        while (broker.Context.Clock.Milliseconds <= until) await Task.Delay(1, TestContext.Current.CancellationToken);
    }

    private static byte[] Delayed(string subject, string payload, int milliseconds) => Frames.Publish(subject, payload, (KnownHeaders.Delay, $"{milliseconds}"));
}
