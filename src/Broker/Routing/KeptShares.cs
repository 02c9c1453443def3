using UdsBroker.Broker.Load;

namespace UdsBroker.Broker.Routing;

/// <summary>
/// How much a store keeps in total and for each user, by the uid of the publisher. A message is charged when it is stored and returned when
/// it is removed, whoever replaces or clears it and whether or not its publisher is still connected. Unlike a <see cref="UserShare"/>, this
/// does not depend on connections: when users reconnect, what they have stored is still charged to them.
/// </summary>
/// <remarks>Not thread-safe, except for the counts of refusals: the store that has it guards it.</remarks>
internal sealed class KeptShares
{
    private readonly Dictionary<long, Share> _users = [];
    private long _refusedByUser;
    private long _refusedByBroker;

    /// <summary>Messages now.</summary>
    internal int Messages { get; private set; }

    /// <summary>The bytes of their whole frames.</summary>
    internal long Bytes { get; private set; }

    /// <summary>Users who have something in the store.</summary>
    internal int Users => _users.Count;

    /// <summary>How often there was no room since the start; on any thread.</summary>
    internal long RefusedFor(KeptRoom room) => Interlocked.Read(ref room == KeptRoom.UserFull ? ref _refusedByUser : ref _refusedByBroker);

    /// <summary>What a user has in the store.</summary>
    internal (int Messages, long Bytes) Of(uint? uid)
    {
        var share = _users.GetValueOrDefault(UserShares.KeyOf(uid));
        return (share.Messages, share.Bytes);
    }

    /// <summary>Charges one message, if both bounds have room for it.</summary>
    /// <param name="uid">Its publisher; those whom the kernel cannot name are one user.</param>
    /// <param name="length">The bytes of its frame.</param>
    /// <param name="inAll">How much all users may have together.</param>
    /// <param name="ofUser">How much each may.</param>
    internal KeptRoom TryTake(uint? uid, int length, KeptBound inAll, KeptBound ofUser)
    {
        var share = _users.GetValueOrDefault(UserShares.KeyOf(uid));
        if (!ofUser.HasRoom(share.Messages, share.Bytes, length))
        {
            Interlocked.Increment(ref _refusedByUser);
            return KeptRoom.UserFull;
        }

        if (!inAll.HasRoom(Messages, Bytes, length))
        {
            Interlocked.Increment(ref _refusedByBroker);
            return KeptRoom.BrokerFull;
        }

        Messages++;
        Bytes += length;
        _users[UserShares.KeyOf(uid)] = new Share(share.Messages + 1, share.Bytes + length);
        return KeptRoom.Taken;
    }

    /// <summary>A message that was charged is kept no more.</summary>
    internal void Return(uint? uid, int length)
    {
        if (!_users.TryGetValue(UserShares.KeyOf(uid), out var share) || share.Bytes < length)
            throw new InvalidOperationException("More was returned for a user than was kept for it.");
        Messages--;
        Bytes -= length;
        if (share.Messages == 1) _users.Remove(UserShares.KeyOf(uid));
        else _users[UserShares.KeyOf(uid)] = new Share(share.Messages - 1, share.Bytes - length);
    }

    private readonly record struct Share(int Messages, long Bytes);
}
