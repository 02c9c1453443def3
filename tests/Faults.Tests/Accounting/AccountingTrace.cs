using System.Text;
using UdsBroker.Broker.Delivery;
using UdsBroker.Broker.Load;
using UdsBroker.Broker.Tests.Core;
using UdsBroker.Protocol;

namespace UdsBroker.Faults.Tests;

/// <summary>
/// One random trace: users connect, subscribe with every policy, publish, send halves of frames, stall, are shed, drain and die, as the random
/// source decides. Beside the broker it counts what each user has, the plain way.
/// </summary>
internal sealed class AccountingTrace
{
    private const int Users = 3;
    private const int MaxConnections = 4;
    private const int MaxSubscriptions = 6;
    private const int LargestRun = 8 * 5100;

    private readonly SeededRandom _random;
    private readonly CoreBroker _broker;
    private readonly List<Peer> _peers = [];

    internal AccountingTrace(SeededRandom random)
    {
        _random = random;
        var limits = new UserLimits(MaxConnections, MaxSubscriptions, 64 << random.Next(10), 0) { MaxOpenRequests = random.Next(8), MaxRouteBytes = random.Next(2000) };
        _broker = new CoreBroker(highWatermark: 2000, lowWatermark: 500, bound: new PendingBound(100 << random.Next(6), 40), users: limits);
    }

    internal int Steps { get; private set; }

    internal long MostHeld { get; private set; }

    /// <summary>The most requests that one user had not answered.</summary>
    internal int MostRequests { get; private set; }

    /// <summary>How often somebody was at a limit.</summary>
    internal int Refused { get; private set; }

    internal void Play()
    {
        for (var steps = 10 + _random.Next(70); steps > 0; steps--)
        {
            Step();
            Steps++;
            CheckSums();
        }

        while (_peers.Count > 0) End(_peers[_random.Next(_peers.Count)]);
        Assert.Equal((0L, 0L, 0, 0), (_broker.Memory.Bytes, _broker.Pool.Leased, _broker.Users.Count, _broker.Table.Current.Count));
    }

    private void Step()
    {
        var peer = _peers.Count > 0 ? _peers[_random.Next(_peers.Count)] : null;
        switch (_random.Next(16))
        {
            case 0 or 1: Connect(); break;
            case <= 3 when peer is { IsUpToDate: true }: Subscribe(peer); break;
            case 4 when peer is { IsUpToDate: true, Subscriptions.Count: > 0 }: Unsubscribe(peer); break;
            case <= 7 when peer is not null: Publish(peer); break;
            case 8 when peer is not null: peer.Connection.Socket.Room = _random.OneIn(2) ? 0 : _random.Next(6000); break;
            case 9 when peer is not null: peer.Connection.Write(); break;
            case 10 when peer is not null:
                peer.Connection.StallTimer();
                peer.Connection.Resume();
                break;
            case 11 when peer is not null && _random.OneIn(3): Shed(peer); break;
            case 12 when peer is not null && _random.OneIn(3): End(peer); break;
            case 13 when peer is not null && _random.OneIn(3):
                peer.Connection.BeginWrite(); // and is killed while a batch is being sent
                End(peer);
                break;
            case 14 or 15 when peer is not null: Answer(peer); break;
        }
    }

    private void Connect()
    {
        var uid = (uint)_random.Next(Users);
        var has = _peers.Count(other => other.Uid == uid);
        if (has == MaxConnections)
        {
            Assert.Null(_broker.Users.TryConnect(uid));
            Refused++;
            return;
        }

        _peers.Add(new Peer(uid, _broker.Connect(uid: uid)));
    }

    private void Subscribe(Peer peer)
    {
        var has = _peers.Where(other => other.Uid == peer.Uid).Sum(other => other.Subscriptions.Count);
        var sid = ++peer.LastSid;
        var begun = false;
        peer.Connection.Begun = _ => begun = true;
        var options = new SubscribeOptions { Overflow = (OverflowPolicy)_random.Next(5), Credit = _random.OneIn(3) ? (ulong)_random.Next(10) : null };
        Send(peer, Frames.Subscribe(sid, _random.Of<string>(["a", "a.*", ">", "b"]), options));
        Assert.Equal(has < MaxSubscriptions, begun);
        if (begun) peer.Subscriptions.Add(sid);
        else Refused++;
    }

    private void Unsubscribe(Peer peer)
    {
        var sid = peer.Subscriptions[_random.Next(peer.Subscriptions.Count)];
        Send(peer, Frames.Unsubscribe(sid));
        peer.Subscriptions.Remove(sid);
    }

    // The last frame may be cut: its rest comes with the next bytes of this peer, whatever they are.
    private void Publish(Peer peer)
    {
        var count = 1 + _random.Next(8);
        var frames = Frames.Join(Enumerable.Range(0, count).Select(_ => Frames.Publish(_random.Of<string>(["a", "a.b", "b", "c"]), Payload(), Reply(peer))));
        Send(peer, frames, keep: _random.OneIn(3) ? _random.Next(20) : 0);
    }

    // Some are requests; and some answer one that a peer may have been asked.
    private string Reply(Peer peer) => _random.OneIn(4) ? $"_INBOX.{peer.Connection.Id}.{_random.Next(20)}" : "";

    private void Answer(Peer peer) => Send(peer, Frames.Publish($"_INBOX.{_peers[_random.Next(_peers.Count)].Connection.Id}.{_random.Next(20)}", "answer"));

    private byte[] Payload() => Encoding.ASCII.GetBytes(new string('x', _random.OneIn(20) ? 5000 : _random.Next(200)));

    private static void Send(Peer peer, byte[] bytes, int keep = 0)
    {
        if (!peer.IsReading) return;
        byte[] all = [.. peer.Unsent, .. bytes];
        var count = Math.Max(0, all.Length - keep);
        peer.Unsent = all[count..];
        if (count > 0) peer.Connection.Send(all[..count]);
    }

    private void Shed(Peer peer)
    {
        peer.IsShed = true;
        peer.Connection.SayGoodbye(CloseReason.Overloaded);
        Assert.InRange(peer.Connection.Share.Memory.Bytes, 0, 2000 + LargestRun + peer.Connection.Buffer.UnreadLength + _broker.Pool.SlabBytes);
    }

    private void End(Peer peer)
    {
        if (_random.OneIn(3)) peer.Connection.Socket.IsGone = true;
        peer.Connection.Close();
        peer.Connection.Write();
        if (peer.Connection.Share.User.Connections == 0) Assert.Equal((0L, 0), (peer.Connection.Share.User.Routes.Bytes, peer.Connection.Share.User.OpenRequests));
        Assert.Equal((0, 0), (peer.Connection.Share.Memory.Bytes, peer.Connection.Outbox.OpenRequests));
        _peers.Remove(peer);
    }

    private void CheckSums()
    {
        MostHeld = Math.Max(MostHeld, _broker.Memory.Bytes);
        Assert.Equal(_broker.Memory.Bytes, _peers.Sum(peer => peer.Connection.Share.Memory.Bytes));
        Assert.Equal(_broker.Users.Count, _peers.DistinctBy(peer => peer.Uid).Count());
        foreach (var user in _peers.GroupBy(peer => peer.Connection.Share.User))
        {
            Assert.Equal(user.Key.Memory.Bytes, user.Sum(peer => peer.Connection.Share.Memory.Bytes));
            Assert.Equal(user.Key.Connections, user.Count());
            Assert.Equal(user.Key.Subscriptions, user.Sum(peer => peer.Subscriptions.Count));
            Assert.Equal(user.Key.OpenRequests, user.Sum(peer => peer.Connection.Outbox.OpenRequests));
            Assert.InRange(user.Key.Routes.Bytes, 0, user.Key.Limits.MaxRouteBytes);
            Assert.InRange(user.Key.OpenRequests, 0, user.Key.Limits.MaxOpenRequests);
            MostRequests = Math.Max(MostRequests, user.Key.OpenRequests);
        }
    }

    private sealed class Peer(uint uid, CoreConnection connection)
    {
        internal uint Uid => uid;

        internal CoreConnection Connection => connection;

        internal List<uint> Subscriptions { get; } = [];

        internal uint LastSid { get; set; }

        internal byte[] Unsent { get; set; } = [];

        internal bool IsShed { get; set; }

        /// <summary>False when what it sends now is only processed later: it is held back, or draining.</summary>
        internal bool IsReading => !IsShed && !connection.IsHeldBack && connection.Router.Refused is null;

        /// <summary>True when all that it sent was processed, so that what it sends next takes effect at once.</summary>
        internal bool IsUpToDate => IsReading && Unsent.Length == 0 && connection.HasReadAll;
    }
}
