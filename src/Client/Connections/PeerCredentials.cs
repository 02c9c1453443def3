namespace UdsBroker.Client;

/// <summary>A process as the kernel named it when the connection was made (struct ucred of unix(7)).</summary>
/// <param name="ProcessId">The process id; 0 when the process lives in a namespace that cannot be seen. A label, never an authorization.</param>
/// <param name="UserId">The uid; <see cref="UnknownId"/> when the kernel cannot name the user here.</param>
/// <param name="GroupId">The primary gid; <see cref="UnknownId"/> as for the uid.</param>
public readonly record struct PeerCredentials(int ProcessId, uint UserId, uint GroupId)
{
    /// <summary>The kernel's placeholder for a user or group that it cannot name here, 65534 (<c>/proc/sys/kernel/overflowuid</c>).</summary>
    public const uint UnknownId = 65534;
}
