namespace UdsBroker.Client;

/// <summary>
/// One piece of pooled memory that received frames lie in, counted by reference: the reading thread holds one reference while it fills the buffer, each
/// run that waits for a reader holds one, and when the last is released the memory goes back to its pool. Without a reference the bytes
/// must not be touched. Adding a reference is only valid while one is held.
/// </summary>
internal sealed class ReceiveBuffer
{
    private readonly ReceiveBufferPool? _home;
    private int _references;

    public ReceiveBuffer(int capacity, ReceiveBufferPool? home)
    {
        Bytes = GC.AllocateUninitializedArray<byte>(capacity);
        _home = home;
        _references = 1;
    }

    public byte[] Bytes { get; }

    public int Capacity => Bytes.Length;

    /// <summary>Whether the caller, who holds a reference, is the only holder: it may then write over everything.</summary>
    public bool IsUnshared => Volatile.Read(ref _references) == 1;

    public void AddReference() => Interlocked.Increment(ref _references);

    public void Release()
    {
        int left = Interlocked.Decrement(ref _references);
        if (left == 0) _home?.Return(this);
        if (left < 0) ThrowReleasedTooOften();
    }

    /// <summary>The pool hands the buffer out again, with one reference.</summary>
    internal void Revive() => Volatile.Write(ref _references, 1);

    private static void ThrowReleasedTooOften() => throw new InvalidOperationException("A receive buffer was released more often than it was referenced.");
}
