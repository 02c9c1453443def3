namespace Akka.Streams.Supervision;

/// <summary>What an operator does with an element for which the user's function threw.</summary>
public enum Directive
{
    /// <summary>The stage fails, and with it the stream.</summary>
    Stop,

    /// <summary>The element is dropped and the stage goes on with its state.</summary>
    Resume,

    /// <summary>The element is dropped and the stage goes on with its initial state.</summary>
    Restart,
}
