namespace Akka.Event;

/// <summary>A format and its arguments, put together only when somebody reads the text.</summary>
public abstract class LogMessage
{
    protected readonly ILogMessageFormatter Formatter;

    public LogMessage(ILogMessageFormatter formatter, string format)
    {
        Formatter = formatter;
        Format = format;
    }

    public string Format { get; private set; }

    public abstract string Unformatted();

    public abstract IEnumerable<object> Parameters();

    /// <summary>The text, or what is wrong with the format, since a logger must not fail for it.</summary>
    public override string ToString()
    {
        try
        {
            return Formatter.Format(Format, Parameters());
        }
        catch (FormatException)
        {
            return $"[INVALID LOG FORMAT] str=[{Format}], args=[{Unformatted()}]. Please fix the format string in the logging call site.";
        }
    }
}
