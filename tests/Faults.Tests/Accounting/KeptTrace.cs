using UdsBroker.Broker.Routing;
using UdsBroker.Broker.Tests.Core;
using UdsBroker.Protocol;

namespace UdsBroker.Faults.Tests;

/// <summary>
/// One random trace of what users have kept: they retain, clear, replace each other's values, delay, let expire, leave and come back, with tiny bounds. Beside the
/// broker it keeps plain lists of what should be there and whose it is, and predicts every refusal.
/// </summary>
internal sealed class KeptTrace
{
    private const uint Users = 3;
    private const int LongestDelay = 60;

    private readonly SeededRandom _random;
    private readonly RetainedBounds _retainedBounds;
    private readonly DelayBounds _delayBounds;
    private readonly CoreBroker _broker;
    private readonly CoreConnection?[] _publishers = new CoreConnection?[Users];
    private readonly Dictionary<string, Kept> _retained = [];
    private readonly List<Kept> _delayed = [];
    private int _place;

    internal KeptTrace(SeededRandom random)
    {
        _random = random;
        _retainedBounds = new RetainedBounds(Bound(12), Bound(8));
        _delayBounds = new DelayBounds(Bound(12), Bound(8), LongestDelay);
        _broker = new CoreBroker(retained: _retainedBounds, delayed: _delayBounds);
    }

    internal int Steps { get; private set; }

    /// <summary>How often a user's bound kept something out, and how often that of all.</summary>
    internal (int OfUser, int OfAll) Refused { get; private set; }

    internal void Play()
    {
        for (var steps = 20 + _random.Next(60); steps > 0; steps--)
        {
            Step();
            Steps++;
            Check();
        }

        Advance(LongestDelay);
        foreach (var subject in _retained.Keys.ToArray()) Publish((uint)_random.Next((int)Users), subject, "");
        Check();
        Assert.Equal((0, 0), (_broker.Kept.Retained.Users, _broker.Kept.Delayed.Users));
        Assert.Equal((Refused.OfUser, Refused.OfAll), (Refusals(KeptRoom.UserFull), Refusals(KeptRoom.BrokerFull)));
        foreach (var publisher in _publishers) publisher?.Close();
        Assert.Equal((0L, 0), (_broker.Pool.Leased, _broker.Users.Count));
    }

    private KeptBound Bound(int most) => new(_random.Next(most + 1), _random.OneIn(3) ? _random.Next(most * 60) : 1 << 20);

    private int Refusals(KeptRoom room) => (int)(_broker.Kept.Retained.RefusedFor(room) + _broker.Kept.Delayed.RefusedFor(room));

    private void Step()
    {
        var uid = (uint)_random.Next((int)Users);
        switch (_random.Next(12))
        {
            case 0: Advance(_random.Next(20)); break;
            case 1: Leave(uid); break;
            case 2: CheckRetained(); break;
            case 3: _broker.Kept.Delayed.Clear(); _delayed.Clear(); break;
            default: Publish(uid, _random.Of<string>(["a", "b", "c", "d", "e.f", "e.g"]), _random.OneIn(6) ? "" : new string('x', 1 + _random.Next(59))); break;
        }
    }

    // The inbox of a connection is a subscription, too.
    private CoreConnection Connect(uint uid)
    {
        Forget();
        return _broker.Connect(uid: uid);
    }

    private void Leave(uint uid)
    {
        _publishers[uid]?.Close();
        _publishers[uid] = null;
    }

    // A subscription makes the store drop what has expired.
    private void CheckRetained()
    {
        var reader = Connect(99);
        reader.Send(Frames.Subscribe(1, ">"));
        Assert.Equal(_retained.Count, Received.Parse(reader.Socket.TakeReceived()).Deliveries.Count);
        reader.Close();
    }

    private void Publish(uint uid, string subject, string payload)
    {
        int? delay = _random.OneIn(3) && payload.Length > 0 ? 1 + _random.Next(LongestDelay - 1) : null;
        int? expires = _random.OneIn(4) ? _random.Next(80) : null;
        var retain = delay is null || _random.OneIn(2);
        List<(string, string)> headers = [];
        if (retain) headers.Add((KnownHeaders.Retain, "1"));
        if (delay is not null) headers.Add((KnownHeaders.Delay, $"{delay}"));
        if (expires is not null) headers.Add((KnownHeaders.Expires, $"{expires}"));
        var frame = Frames.Publish(subject, System.Text.Encoding.UTF8.GetBytes(payload), "", [.. headers]);
        var publisher = _publishers[uid] ??= Connect(uid);
        var now = _broker.Clock.Milliseconds;
        var kept = new Kept(uid, subject, frame.Length, payload.Length == 0, retain, expires is null ? long.MaxValue : now + expires.Value, now + (delay ?? 0), ++_place);

        publisher.Send(frame);

        var errors = Received.Parse(publisher.Socket.TakeReceived()).Errors.Select(error => error.Code);
        if (delay is null) Assert.Equal(Retain(kept) ? [] : [ErrorCode.RetainedFull], errors);
        else Assert.Equal(Delay(kept) ? [] : [ErrorCode.DelayedFull], errors);
    }

    private bool Retain(Kept kept)
    {
        Forget();
        _retained.Remove(kept.Subject);
        if (kept.IsEmpty || kept.Deadline <= _broker.Clock.Milliseconds) return true;
        if (!HasRoom(kept, _retained.Values, _retainedBounds.InAll, _retainedBounds.OfUser)) return false;
        _retained.Add(kept.Subject, kept);
        return true;
    }

    private bool Delay(Kept kept)
    {
        if (!HasRoom(kept, _delayed, _delayBounds.InAll, _delayBounds.OfUser)) return false;
        _delayed.Add(kept);
        return true;
    }

    private bool HasRoom(Kept one, IReadOnlyCollection<Kept> others, KeptBound inAll, KeptBound ofUser)
    {
        var own = others.Where(other => other.Uid == one.Uid).ToArray();
        if (own.Length >= ofUser.Messages || own.Sum(other => (long)other.Length) + one.Length > ofUser.Bytes) Refused = (Refused.OfUser + 1, Refused.OfAll);
        else if (others.Count >= inAll.Messages || others.Sum(other => (long)other.Length) + one.Length > inAll.Bytes) Refused = (Refused.OfUser, Refused.OfAll + 1);
        else return true;
        return false;
    }

    private void Advance(int milliseconds)
    {
        _broker.Advance(milliseconds);
        var now = _broker.Clock.Milliseconds;
        foreach (var due in _delayed.Where(kept => kept.Due <= now).OrderBy(kept => (kept.Due, kept.Place)).ToArray())
        {
            _delayed.Remove(due);
            if (due.IsToBeRetained && due.Deadline > now) Retain(due);
        }
    }

    private void Forget()
    {
        foreach (var expired in _retained.Values.Where(kept => kept.Deadline <= _broker.Clock.Milliseconds).ToArray()) _retained.Remove(expired.Subject);
    }

    private void Check()
    {
        var (retained, delayed) = (_broker.Kept.Retained, _broker.Kept.Delayed);
        Assert.Equal(Sum(_retained.Values), (retained.Kept.Messages, retained.Kept.Bytes));
        Assert.Equal(Sum(_delayed), delayed.Waiting);
        for (var uid = 0u; uid < Users; uid++)
        {
            Assert.Equal(Sum(_retained.Values.Where(kept => kept.Uid == uid)), retained.KeptFor(uid));
            Assert.Equal(Sum(_delayed.Where(kept => kept.Uid == uid)), delayed.WaitingFor(uid));
        }

        Assert.Equal(_retained.Values.DistinctBy(kept => kept.Uid).Count(), retained.Users);
        Assert.Equal(_delayed.DistinctBy(kept => kept.Uid).Count(), delayed.Users);
    }

    private static (int Messages, long Bytes) Sum(IEnumerable<Kept> all) => (all.Count(), all.Sum(kept => (long)kept.Length));

    private sealed record Kept(uint Uid, string Subject, int Length, bool IsEmpty, bool IsToBeRetained, long Deadline, long Due, int Place);
}
