namespace Akka.Streams;

/// <summary>A sink that needs an element got none.</summary>
public class NoSuchElementException : Exception
{
    public NoSuchElementException(string message)
        : base(message)
    {
    }
}
