namespace Akka.Streams;

/// <summary>What a buffer does with a new element when it is full.</summary>
public enum OverflowStrategy
{
    /// <summary>Drops the oldest element.</summary>
    DropHead = 2,

    /// <summary>Drops the youngest element in the buffer.</summary>
    DropTail = 3,

    /// <summary>Drops everything in the buffer.</summary>
    DropBuffer = 4,

    /// <summary>Drops the new element.</summary>
    DropNew = 5,

    /// <summary>Lets the new element wait outside.</summary>
    Backpressure = 6,

    /// <summary>Fails the stream with <see cref="BufferOverflowException"/>.</summary>
    Fail = 7,
}
