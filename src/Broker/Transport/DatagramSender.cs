using System.Runtime.InteropServices;
using UdsBroker.Broker.Transport.Native;

namespace UdsBroker.Broker.Transport;

/// <summary>
/// The sender of a datagram, as the kernel reports it: the credentials of the process at that moment and, if its socket is bound, its
/// address. Overwritten by each receive into it; not thread-safe.
/// </summary>
public sealed class DatagramSender
{
    private const int CredentialBytes = 12; // struct ucred: pid, uid, gid
    private const int MaxAddressBytes = 110; // struct sockaddr_un
    private const int FamilyBytes = 2;

    private readonly byte[] _bytes = new byte[CredentialBytes + MaxAddressBytes];
    private int _length = CredentialBytes;

    /// <summary>
    /// The credentials followed by the address, as one piece: equal for two datagrams exactly when the kernel says the same of both.
    /// </summary>
    public ReadOnlySpan<byte> Key => _bytes.AsSpan(0, _length);

    /// <summary>True when the sender's socket is bound, so that it can be told from others and be answered.</summary>
    public bool HasAddress => _length > CredentialBytes + FamilyBytes;

    /// <summary>The user, without reading the other credentials; null when the kernel cannot name it here.</summary>
    public uint? Uid => PeerCredentials.Known(MemoryMarshal.Read<uint>(_bytes.AsSpan(sizeof(int))));

    /// <summary>
    /// The credentials; no more than process, user and primary group, since the process may be gone already and another have its number.
    /// </summary>
    public PeerCredentials Credentials
    {
        get
        {
            var numbers = MemoryMarshal.Cast<byte, int>(_bytes.AsSpan(0, CredentialBytes));
            return PeerCredentials.Of(numbers[0], (uint)numbers[1], (uint)numbers[2], groups: null);
        }
    }

    /// <summary>Where the kernel may write the address.</summary>
    internal Span<byte> Room => _bytes.AsSpan(CredentialBytes);

    /// <summary>The address as the kernel wrote it.</summary>
    internal ReadOnlySpan<byte> Address => _bytes.AsSpan(CredentialBytes, _length - CredentialBytes);

    internal void Fill(in CredentialMessage credentials, int addressLength)
    {
        var numbers = MemoryMarshal.Cast<byte, int>(_bytes.AsSpan(0, CredentialBytes));
        (numbers[0], numbers[1], numbers[2]) = (credentials.Pid, (int)credentials.Uid, (int)credentials.Gid);
        _length = CredentialBytes + Math.Min(addressLength, MaxAddressBytes);
    }
}
