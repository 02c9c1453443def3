using UdsBroker.Broker.Load;
using UdsBroker.Broker.Tests.Core;
using UdsBroker.Protocol;

namespace UdsBroker.Broker.Tests.Routing;

/// <summary>Cached routes are charged to the user of the publisher: bounded over all its connections, exact, and never a wrong route.</summary>
public sealed class SubjectMemoryTests
{
    private const long Bound = 20_000;

    private readonly CoreBroker _broker = new(users: new UserLimits(100, 100, 1L << 40, 0) { MaxRouteBytes = Bound });

    [Fact]
    public void Messages_to_any_number_of_subjects_arrive_and_a_bounded_number_of_routes_is_cached()
    {
        var (one, other, subscriber) = (_broker.Connect(uid: 7), _broker.Connect(uid: 7), _broker.Connect(uid: 8));
        subscriber.Send(Frames.Subscribe(1, "a.>"));
        var meter = one.Share.User.Routes;
        long most = 0;
        for (var i = 0; i < 500; i++)
        {
            one.Send(Frames.Publish($"a.{i}.{new string('x', 100)}", $"{i}"));
            other.Send(Frames.Publish($"a.{i % 3}", $"o{i}"), Frames.Publish("nowhere", ""));
            Assert.Equal($"1:{i} 1:o{i}", subscriber.Log());
            most = Math.Max(most, meter.Bytes);
        }

        Assert.InRange(most, Bound / 2, Bound);
        Assert.Equal(0, subscriber.Share.User.Routes.Bytes);
        one.Close();
        other.Close();
        Assert.Equal(0, meter.Bytes);
    }

    [Fact]
    public void Without_room_in_the_users_share_each_subject_is_looked_up_again()
    {
        var (greedy, late, subscriber) = (_broker.Connect(uid: 7), _broker.Connect(uid: 7), _broker.Connect(uid: 8));
        greedy.Share.User.Routes.Add(Bound);
        subscriber.Send(Frames.Subscribe(1, "a"), Frames.Subscribe(2, "b", new SubscribeOptions { Queue = "q" }));
        for (var i = 0; i < 10; i++) late.Send(Frames.Join(Frames.Publish("a", $"{i}"), Frames.Publish("b", $"{i}"), Frames.Publish("$SYS.x", ""), Frames.Publish("c", "")));

        Assert.Equal(string.Join(' ', Enumerable.Range(0, 10).Select(i => $"1:{i} 2:{i}")), subscriber.Log());
        Assert.Equal(Bound, late.Share.User.Routes.Bytes);
        greedy.Share.User.Routes.Add(-Bound);
        late.Send(Frames.Publish("a", "again"));
        Assert.InRange(late.Share.User.Routes.Bytes, 1, 1000);
    }

    [Fact]
    public void A_change_of_subscriptions_returns_the_memory_of_the_old_routes()
    {
        var (publisher, subscriber) = (_broker.Connect(uid: 7), _broker.Connect(uid: 8));
        for (var i = 0; i < 50; i++) publisher.Send(Frames.Publish($"a.{i}", ""));
        var before = publisher.Share.User.Routes.Bytes;
        subscriber.Send(Frames.Subscribe(1, "a.0"));
        publisher.Send(Frames.Publish("a.0", "1"));
        Assert.InRange(publisher.Share.User.Routes.Bytes, 1, before / 5);
        Assert.Equal("1:1", subscriber.Log());
    }
}
