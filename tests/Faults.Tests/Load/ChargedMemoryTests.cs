using UdsBroker.Broker.Delivery;
using UdsBroker.Broker.Load;
using UdsBroker.Broker.Tests.Core;
using UdsBroker.Protocol;

namespace UdsBroker.Faults.Tests;

/// <summary>
/// P17: what waits is charged with the memory that it takes, also where that is many times the bytes of the messages: the smallest of them, from publishers by turns, each
/// under its own subject, or the last one of many for each subscription. The budget is worth no more than this.
/// </summary>
[Collection(Alone.Name)]
public sealed class ChargedMemoryTests
{
    private readonly CoreBroker _broker = new(
        slabBytes: 128 << 10, highWatermark: 1 << 20, lowWatermark: 1 << 18, bound: new PendingBound(8 << 20, 65_536), users: new UserLimits(100, 100_000, 1L << 40, 0));

    public static TheoryData<string, OverflowPolicy, Func<int, byte[]>> Waiting => new()
    {
        { "of one subject", OverflowPolicy.Block, _ => Frames.Publish("a", "") },
        { "that leave no block whole", OverflowPolicy.DropOldest, i => Frames.Publish("a", new byte[i % 700]) },
        { "that expire", OverflowPolicy.DropOldest, i => Frames.Publish("a", "", (KnownHeaders.Expires, $"{100_000 + i}")) },
        { "of the latest of many subjects", OverflowPolicy.Latest, i => Frames.Publish($"{i:x}", "") },
        { "of the latest, of 600 bytes", OverflowPolicy.Latest, i => Frames.Publish($"{i:x}", new byte[600]) },
        { "of the latest, and expire", OverflowPolicy.Latest, i => Frames.Publish($"{i:x}", "", (KnownHeaders.Expires, $"{100_000 + i}")) },
    };

    [Theory]
    [MemberData(nameof(Waiting))]
    public void Small_messages_are_charged_with_their_memory(string kind, OverflowPolicy policy, Func<int, byte[]> message)
    {
        var subscriber = Subscribe(16, policy);
        CoreConnection[] publishers = [_broker.Connect(uid: 2), _broker.Connect(uid: 2)];
        Check($"messages {kind}", () =>
        {
            for (var i = 0; i < 4000; i++)
            {
                publishers[i % 2].Send(message(i));
                if (!publishers[i % 2].IsHeldBack) continue;
                publishers[i % 2].StallTimer();
                publishers[i % 2].Resume();
            }
        });
        subscriber.Close();
        Assert.Equal(0, _broker.Memory.Bytes);
    }

    [Fact]
    public void One_message_for_each_of_many_subscriptions_is_charged_for_each()
    {
        var subscriber = Subscribe(10_000, OverflowPolicy.Block);
        var publisher = _broker.Connect(uid: 2);
        Check("one message for each of 10,000 subscriptions", () => publisher.Send(Frames.Publish("a", "")));
        subscriber.Close();
        Assert.Equal(0, _broker.Memory.Bytes);
    }

    [Fact]
    public void The_last_of_many_messages_is_charged_with_what_it_keeps()
    {
        const int Messages = 1500;
        const int Subscriptions = 600;
        var subscriber = Subscribe(Subscriptions, OverflowPolicy.DropOldest);
        var publisher = _broker.Connect(uid: 2);
        Check($"the last of {Messages} messages for each of {Subscriptions} subscriptions", () =>
        {
            publisher.Send(Enumerable.Range(0, Messages).Select(_ => Frames.Publish("a", new byte[50])));
            for (var sid = 1u; sid <= Subscriptions; sid++)
            {
                subscriber.Send(Frames.Credit(sid, Messages - 1));
                Assert.Equal(Messages - 1, Received.Parse(subscriber.Socket.TakeReceived()).Deliveries.Count);
            }
        });
        subscriber.Close();
        Assert.Equal(0, _broker.Memory.Bytes);
    }

    private CoreConnection Subscribe(int count, OverflowPolicy policy)
    {
        var subscriber = _broker.Connect(uid: 1);
        var options = new SubscribeOptions { Credit = 0, Overflow = policy };
        subscriber.Send(Frames.Join(Enumerable.Range(1, count).Select(sid => Frames.Subscribe((uint)sid, ">", options))));
        Assert.Equal(count, _broker.Table.Current.ClientCount);
        return subscriber;
    }

    // A slab has up to twice the bytes of the message in it, and what publishers remember is counted as well.
    private void Check(string what, Action wait)
    {
        var before = GC.GetTotalMemory(forceFullCollection: true);
        wait();
        var (held, charged) = (GC.GetTotalMemory(forceFullCollection: true) - before, _broker.Memory.Bytes);
        Campaign.Begin($"charged memory, {what}", inCi: 1, whenLong: 1).Say($"{charged >> 10} KiB charged, {held >> 10} KiB of memory");
        Assert.InRange(held, 0, 2 * charged);
    }
}
