namespace Akka.Event;

/// <summary>Fills the arguments of a log message into its format.</summary>
public interface ILogMessageFormatter
{
    string Format(string format, params object[] args);

    string Format(string format, IEnumerable<object> args);
}
