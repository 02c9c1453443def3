using UdsBroker.Broker.Transport.Native;

namespace UdsBroker.Broker.Transport;

/// <summary>Looks up users and groups in the user database of this machine. Nothing is cached. Thread-safe.</summary>
public static class Accounts
{
    private const int LargestBuffer = 1 << 20;
    private const int RangeError = 34; // ERANGE of errno(3)

    private delegate int Lookup(ref byte buffer, nuint length, out nint result);

    /// <summary>The user that this process runs as, geteuid(2).</summary>
    public static uint EffectiveUid => ProcessCalls.EffectiveUid();

    /// <summary>The uid of a user, or null when there is none of that name.</summary>
    public static uint? FindUser(string name)
    {
        AccountCalls.User user = default;
        return Find((ref byte buffer, nuint length, out nint result) => AccountCalls.FindUser(name, out user, ref buffer, length, out result)) ? user.Uid : null;
    }

    /// <summary>The gid of a group, or null when there is none of that name.</summary>
    public static uint? FindGroup(string name)
    {
        AccountCalls.Group group = default;
        return Find((ref byte buffer, nuint length, out nint result) => AccountCalls.FindGroup(name, out group, ref buffer, length, out result)) ? group.Gid : null;
    }

    /// <summary>
    /// The groups that a user is in when it logs in, the primary one first; empty when the database does not know the user.
    /// </summary>
    public static IReadOnlyList<uint> GroupsOf(uint uid)
    {
        uint[] groups = [];
        Find((ref byte buffer, nuint length, out nint result) =>
        {
            var error = AccountCalls.FindUser(uid, out var user, ref buffer, length, out result);
            if (error == 0 && result != 0) groups = GroupsOf(user); // while the buffer holds the user's name
            return error;
        });
        return groups;
    }

    private static uint[] GroupsOf(AccountCalls.User user)
    {
        var groups = new uint[32];
        var count = groups.Length;
        if (AccountCalls.GroupsOf(user.Name, user.Gid, ref groups[0], ref count) < 0)
        {
            groups = new uint[count];
            if (AccountCalls.GroupsOf(user.Name, user.Gid, ref groups[0], ref count) < 0) return [user.Gid];
        }

        return [user.Gid, .. groups[..count].Where(gid => gid != user.Gid)];
    }

    private static bool Find(Lookup lookup)
    {
        for (var length = 1024; length <= LargestBuffer; length *= 4)
        {
            var buffer = GC.AllocateUninitializedArray<byte>(length, pinned: true);
            var error = lookup(ref buffer[0], (nuint)length, out var result);
            if (error != RangeError) return error == 0 && result != 0;
        }

        return false;
    }
}
