namespace Dragoman.Storage;

/// <summary>The database cannot be used as it is set up; the message tells the operator what to do.</summary>
public sealed class StorageException : Exception
{
    public StorageException(string message)
        : base(message) { }

    public StorageException(string message, Exception innerException)
        : base(message, innerException) { }
}
