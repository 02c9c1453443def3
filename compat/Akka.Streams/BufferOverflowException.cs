namespace Akka.Streams;

/// <summary>A buffer with <see cref="OverflowStrategy.Fail"/> was full.</summary>
public class BufferOverflowException : Exception
{
    public BufferOverflowException(string message)
        : base(message)
    {
    }

    public BufferOverflowException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
