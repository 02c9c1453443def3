using System.Runtime.InteropServices;

namespace UdsBroker.Broker.Transport.Native;

/// <summary>
/// The one control message that we have room for: <c>struct cmsghdr</c> followed by <c>struct ucred</c>, SCM_CREDENTIALS of unix(7),
/// which the kernel writes for each packet once SO_PASSCRED is on. Its padded size is exactly CMSG_SPACE of it, so descriptors that a peer
/// sends along never fit.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
internal struct CredentialMessage
{
    private const int Credentials = 2; // SCM_CREDENTIALS

    private readonly nuint _length;
    private readonly int _level;
    private readonly int _type;
    private readonly int _pid;
    private readonly uint _uid;
    private readonly uint _gid;
    private readonly uint _padding;

    /// <summary>True when the kernel has written credentials.</summary>
    public readonly bool IsPresent => _length != 0 && _level == SocketOptions.SocketLevel && _type == Credentials;

    /// <summary>The process that sent, 0 when it is outside our pid namespace.</summary>
    public readonly int Pid => _pid;

    /// <summary>Its user, 65534 when unmapped.</summary>
    public readonly uint Uid => _uid;

    /// <summary>Its primary group, 65534 when unmapped.</summary>
    public readonly uint Gid => _gid;
}
