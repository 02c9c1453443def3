using System.Runtime.InteropServices;

namespace UdsBroker.Broker.Transport.Native;

/// <summary><c>struct msghdr</c> of recvmsg(2): where address, bytes and control messages go. The kernel writes the lengths back.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct MessageHeader
{
    /// <summary>Where the sender's address goes, or null.</summary>
    public byte* Name;

    /// <summary>The room there; afterwards the length of the address, 0 for a sender without one.</summary>
    public uint NameLength;

    /// <summary>Where the bytes go.</summary>
    public IoVector* Vectors;

    /// <summary>How many vectors there are.</summary>
    public nuint VectorCount;

    /// <summary>Where control messages go, or null.</summary>
    public CredentialMessage* Control;

    /// <summary>The room there; afterwards what was used.</summary>
    public nuint ControlLength;

    /// <summary>Set by the kernel.</summary>
    public int Flags;
}

/// <summary><c>struct iovec</c>: a piece of memory.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct IoVector
{
    /// <summary>Its first byte.</summary>
    public byte* Start;

    /// <summary>Its bytes.</summary>
    public nuint Length;
}
